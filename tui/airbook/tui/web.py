"""A web server on loopback that shows the screens in a browser."""

from __future__ import annotations

import asyncio
import os
import secrets
import shlex
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

LOOPBACK = "127.0.0.1"
TEMPLATES = Path(__file__).parent / "templates"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GuardedServer(Server):
    """Serves requests that come from its own pages and have its key.

    A page of another origin could give commands in the user's name, and every account of the
    machine can connect to loopback.
    """

    def __init__(self, command: str, port: int, refusal: str) -> None:
        """command: a shell command that shows the screen. refusal: the text of the answer 403."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType] -- an untyped PathLike
            command, LOOPBACK, port, "airbook", templates_path=str(TEMPLATES)
        )
        self.key = secrets.token_urlsafe()
        self.refusal = refusal
        self.tabs = set[asyncio.Task[object]]()

    @property
    def address(self) -> str:
        """Return the URL to open first; the server then stores the key in a cookie."""
        return f"http://{self.host}:{self.port}/?key={self.key}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded)
        app.on_shutdown.append(self._end_tabs)
        return app

    async def _end_tabs(self, _: web.Application) -> None:
        """Cancel the open tabs: the server would wait for them when it stops."""
        for tab in self.tabs:
            tab.cancel()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other origins (RFC 6454), and other host names that resolve to this address."""
        here = f"{self.host}:{self.port}"
        origin = request.headers.get("Origin", f"http://{here}")
        if request.host != here or origin != f"http://{here}":
            raise web.HTTPForbidden
        cookie = f"airbook-{self.port}"  # a browser sends a host's cookies to all of its ports
        if self._is_key(request.query.get("key", "")):
            found = web.HTTPFound("/")
            found.set_cookie(cookie, self.key, httponly=True, samesite="Strict")
            raise found
        if not self._is_key(request.cookies.get(cookie, "")):
            raise web.HTTPForbidden(text=self.refusal)
        if request.path == "/ws" and (task := asyncio.current_task()):
            self.tabs.add(task)
            task.add_done_callback(self.tabs.discard)
        response = await handler(request)
        if not response.prepared:
            response.headers["X-Frame-Options"] = "DENY"
        return response

    def _is_key(self, text: str) -> bool:
        return secrets.compare_digest(text.encode(), self.key.encode())

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command line has printed the address."""

    def initialize_logging(self) -> None:
        """Configure no logging."""


def make_server(
    words: Sequence[str], environment: Mapping[str, str], port: int, refusal: str
) -> GuardedServer:
    """Create a server on loopback; it starts one process for each browser tab.

    words: the command line that shows the screen. environment: the environment of these processes.
    port: the port to listen on. refusal: the text of a 403 without the key. Raises OSError if the
    server cannot listen on the port.
    """
    with socket.create_server((LOOPBACK, port)):
        pass  # fail before the address is printed
    os.environ.clear()
    os.environ.update(environment)  # inherited by the processes of the tabs
    return GuardedServer(f"exec {shlex.join(words)}", port, refusal)
