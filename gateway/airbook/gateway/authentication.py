"""Authentication: the token of a request becomes the identity of its sender."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from litestar.exceptions import NotAuthorizedException, PermissionDeniedException

from airbook.application.tokens.table import Tokens
from airbook.application.tokens.token import StoredToken, is_secret_of, parts_of
from airbook.eventlog.codec import stamp
from airbook.eventlog.errors import StoreError
from airbook.gateway.identity import Connection, Identity
from airbook.gateway.outlasting import outlast

T = TypeVar("T")
CACHE_SECONDS = 1.0  # how long a revoked token may still be accepted
ANSWER_SECONDS = 9.0  # also if many requests wait for threads
MAX_CACHED = 1_000
LONGEST_HOST = 260  # a name of 253 characters and a port; longer ones would fill the cache
COOKIE = "airbook_token"
READING = {"GET", "HEAD", "OPTIONS"}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="airbook"'}


class TokenCache:
    """The tokens of a store as they were at most CACHE_SECONDS ago.

    Threads read the store, so that a slow one does not hold up other requests; requests that need
    the same wait for one reading. Each request outlasts a restart of the store's server.
    """

    def __init__(
        self,
        tokens: Tokens,
        store: str,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        """store: its URL, for errors. clock: returns seconds that never go back.

        seconds: how long a request may wait; then it gets StoreError (store_busy).
        """
        self._tokens = tokens
        self._store = store
        self._clock = clock
        self._seconds = seconds
        self._found: dict[str, tuple[float, StoredToken | None]] = {}
        self._exist = (-CACHE_SECONDS, False)
        self._readings = dict[str | None, asyncio.Task[Any]]()

    async def find(self, token_id: str) -> StoredToken | None:
        """Return the token with an id, None if there is none. Raises StoreError."""
        until, token = self._found.get(token_id, (0.0, None))
        if until < self._clock():
            token = await self._read(token_id, lambda: self._tokens.find(token_id))
            if len(self._found) >= MAX_CACHED:  # ids that were guessed
                self._found.clear()
            self._found[token_id] = (self._clock() + CACHE_SECONDS, token)
        return token

    async def exist(self) -> bool:
        """Return whether the store has a token. Raises StoreError."""
        until, exist = self._exist
        if until < self._clock():
            exist = await self._read(None, self._tokens.exist)
            self._exist = (self._clock() + CACHE_SECONDS, exist)
        return exist

    async def _read(self, token_id: str | None, read: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await outlast(lambda: asyncio.shield(self._shared(token_id, read)))
        except TimeoutError:
            raise StoreError("store_busy", self._store) from None

    def _shared(self, token_id: str | None, read: Callable[[], T]) -> asyncio.Task[T]:
        reading: asyncio.Task[T] | None = self._readings.get(token_id)
        if reading is None:
            reading = asyncio.create_task(asyncio.to_thread(read))
            self._readings[token_id] = reading
            reading.add_done_callback(lambda done: self._forget(token_id, done))
        return reading

    def _forget(self, token_id: str | None, reading: asyncio.Task[Any]) -> None:
        del self._readings[token_id]
        if not reading.cancelled():
            reading.exception()  # else it is logged if every request has given up by then


class Authentication:
    """Finds the identity of a request by its token.

    Without a token, the request is that of `anybody` where the gateway was started without tokens.
    Otherwise it is so only for programs of this machine, and only until the store has a token:
    tokens that are removed later do not open the gateway again.
    """

    def __init__(
        self, cache: TokenCache, anybody: Identity, *, without_tokens: bool, is_local: bool
    ) -> None:
        """anybody: the identity of a request that needs no token.

        without_tokens: let everybody in who reaches the gateway, from any machine. is_local: only
        programs of this machine can reach it, and it began without tokens.
        """
        self._cache = cache
        self._anybody = anybody
        self._without_tokens = without_tokens
        self._needs_token = not is_local

    async def __call__(self, connection: Connection) -> Identity:
        """Return the identity of a request.

        Raises NotAuthorizedException, StoreError, and PermissionDeniedException if a foreign page
        sent the cookie.
        """
        if (text := token_in(connection)) is not None:
            return await self.identity_of(text)
        if self._without_tokens:
            return self._anybody
        self._needs_token = self._needs_token or await self._cache.exist()
        if self._needs_token or not is_addressed_to_loopback(connection):
            raise NotAuthorizedException(headers=CHALLENGE)
        return self._anybody

    async def identity_of(self, text: str) -> Identity:
        """Return the identity of a token. Raises NotAuthorizedException and StoreError."""
        parts = parts_of(text)
        token = await self._cache.find(parts[0]) if parts else None
        if parts is None or token is None or not is_secret_of(token, parts[1]):
            raise NotAuthorizedException(headers=CHALLENGE)
        if token.status(stamp(datetime.now(UTC))) != "active":
            raise NotAuthorizedException(headers=CHALLENGE)
        customer = token.subject if token.role == "customer" else None
        return Identity(token.subject, token.role, customer)


def token_in(connection: Connection) -> str | None:
    """Return the text of the token of a request: of its Authorization, or of its cookie.

    A browser sends the cookie with requests of other pages too, unless it is asked not to: such a
    request may not change anything. Raises PermissionDeniedException.
    """
    authorization = connection.headers.get("authorization")
    if authorization is not None:
        scheme, _, text = authorization.partition(" ")
        return text.strip() if scheme.lower() == "bearer" else ""
    cookie: str | None = connection.cookies.get(COOKIE)
    is_reading = cast("dict[str, object]", connection.scope).get("method") in READING
    if cookie is not None and not is_reading and is_foreign(connection):
        raise PermissionDeniedException
    return cookie


def is_foreign(connection: Connection) -> bool:
    """Return whether a page of another site, or no page at all, sent a request with a cookie.

    https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
    """
    origin = connection.headers.get("origin")
    hosts = {connection.headers.get("host")}
    if connection.app.state.trust_proxy:
        hosts.add(connection.headers.get("x-forwarded-host"))
    if origin is not None:
        try:
            return urlsplit(origin).netloc not in hosts
        except ValueError:
            return True
    return connection.headers.get("sec-fetch-site") != "same-origin"


def is_addressed_to_loopback(connection: Connection) -> bool:
    """Return whether the Host of a request is this machine's own.

    A page elsewhere can give its own name the address of this machine, and then reads what only
    local programs should (DNS rebinding).
    """
    host = connection.headers.get("host", "")
    return len(host) <= LONGEST_HOST and is_name_of_loopback(host)


@lru_cache(MAX_CACHED)
def is_name_of_loopback(host: str) -> bool:
    """Return whether a field Host, which may have a port, is that of this machine alone."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Return whether a host name or an address is that of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
