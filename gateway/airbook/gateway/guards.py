"""Guards: which roles may enter a route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from airbook.application.tokens.token import Role
from airbook.gateway.identity import Connection, Identity

Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


def requires(*roles: Role) -> Guard:
    """Return a guard that lets these roles in; an admin may always enter."""
    admitted = {"admin", *roles}

    # A coroutine, although it waits for nothing: the framework calls other guards in a thread.
    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        identity: Identity = connection.user
        if identity.role not in admitted:
            raise PermissionDeniedException

    return guard
