"""Guards: which roles may enter a route."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from airbook.application.tokens.token import Role
from airbook.gateway.identity import Connection, Identity

Guard = Callable[[Connection, BaseRouteHandler], None]


def requires(*roles: Role) -> Guard:
    """Return a guard that lets these roles in; an admin may always enter."""
    admitted = {"admin", *roles}

    def guard(connection: Connection, _: BaseRouteHandler) -> None:
        identity: Identity = connection.user
        if identity.role not in admitted:
            raise PermissionDeniedException

    return guard


def keep_to_figures(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a token for the figures everywhere else; a guard of the whole application."""
    identity = cast("dict[str, Identity]", connection.scope).get("user")
    if identity is not None and identity.role == "metrics" and "figures" not in handler.opt:
        raise PermissionDeniedException
