"""Who sends a request: a subject with a role, found before any route is entered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.middleware import AbstractAuthenticationMiddleware
from litestar.middleware.authentication import AuthenticationResult
from msgspec import Struct

from airbook.application.tokens.token import Role
from airbook.gateway.rate_limit import RateLimit

Connection = ASGIConnection[Any, Any, Any, Any]
# Finds the identity behind a connection. Raises NotAuthorizedException if there is none.
Identify = Callable[[Connection], Awaitable["Identity"]]


class Identity(Struct, frozen=True):
    """The sender of a request.

    subject: the actor of its commands. customer: the name under which it reserves; None means the
    subject.
    """

    subject: str
    role: Role
    customer: str | None = None

    @property
    def name(self) -> str:
        """Return the name of the customer for whom the sender reserves."""
        return self.customer or self.subject

    @property
    def only(self) -> str | None:
        """Return the name of the only customer whose reservations it may see; None for all."""
        return self.name if self.role == "customer" else None


class Identification(AbstractAuthenticationMiddleware):
    """Finds the identity of each request with the function that the application was made with.

    A token for the figures enters nothing else.
    """

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        """Return the identity as the user of the connection.

        Raises NotAuthorizedException, PermissionDeniedException, TooManyRequestsException and
        StoreError.
        """
        identify: Identify = connection.app.state.identify
        limit: RateLimit = connection.app.state.limit
        try:
            identity = await identify(connection)
        except NotAuthorizedException:
            limit.admit(f"address {connection.client.host if connection.client else ''}")
            raise
        limit.admit(f"subject {identity.subject}")
        # Here, and not in a guard of the application, which would copy each route at each request.
        if identity.role == "metrics" and "figures" not in connection.route_handler.opt:
            raise PermissionDeniedException
        return AuthenticationResult(user=identity, auth=None)


async def is_still_admitted(request: Request[Identity, Any, Any]) -> bool:
    """Return whether the sender of a stream is still who it was when the stream began.

    Raises StoreError.
    """
    identify: Identify = request.app.state.identify
    try:
        return await identify(request) == request.user
    except NotAuthorizedException:
        return False
