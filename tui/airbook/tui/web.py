"""The same screens in a browser, for whoever sits at this machine."""

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


class OwnPages(Server):
    """Answers only pages it has served itself, to whoever has its key.

    Any other page could give commands in one's name; on loopback is everybody who has an account.
    """

    def __init__(self, command: str, port: int, refusal: str) -> None:
        """command: shows the screen, in a shell. refusal: said to those without the key."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType] -- an untyped PathLike
            command, LOOPBACK, port, "airbook", templates_path=str(TEMPLATES)
        )
        self.key = secrets.token_urlsafe()
        self.refusal = refusal
        self.tabs = set[asyncio.Task[object]]()

    @property
    def address(self) -> str:
        """Say where to begin; the browser keeps the key then."""
        return f"http://{self.host}:{self.port}/?key={self.key}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded)
        app.on_shutdown.append(self._end_tabs)
        return app

    async def _end_tabs(self, _: web.Application) -> None:
        """Let nobody who stops the server wait for the tabs that are open."""
        for tab in self.tabs:
            tab.cancel()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other origins (RFC 6454), and names of other hosts that lead here."""
        here = f"{self.host}:{self.port}"
        origin = request.headers.get("Origin", f"http://{here}")
        if request.host != here or origin != f"http://{here}":
            raise web.HTTPForbidden
        cookie = f"airbook-{self.port}"  # those of all ports lie in one jar
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

    def _is_key(self, said: str) -> bool:
        return secrets.compare_digest(said.encode(), self.key.encode())

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: it has been said where to look."""

    def initialize_logging(self) -> None:
        """Log nothing but what goes wrong."""


def pages(
    words: Sequence[str], environment: Mapping[str, str], port: int, refusal: str
) -> OwnPages:
    """Make the pages of a screen, on loopback: each browser tab gets a process of its own.

    words: the command line that shows the screen. port: where to listen. refusal: said to those
    without the key. Raises OSError where one cannot listen there.
    """
    with socket.create_server((LOOPBACK, port)):
        pass  # else the address would be told first
    os.environ.clear()
    os.environ.update(environment)  # the processes of the tabs inherit this one's
    return OwnPages(f"exec {shlex.join(words)}", port, refusal)
