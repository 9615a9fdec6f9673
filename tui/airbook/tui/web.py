"""The same screens in a browser, for whoever sits at this machine."""

from __future__ import annotations

import os
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

LOOPBACK = "127.0.0.1"
TEMPLATES = Path(__file__).parent / "templates"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class OwnPages(Server):
    """Answers only pages it has served itself: any other could give commands in one's name."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded)
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other origins (RFC 6454), and names of other hosts that lead here."""
        here = f"{self.host}:{self.port}"
        origin = request.headers.get("Origin", f"http://{here}")
        if request.host != here or origin != f"http://{here}":
            raise web.HTTPForbidden
        response = await handler(request)
        if not response.prepared:
            response.headers["X-Frame-Options"] = "DENY"
        return response

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: it has been said where to look."""

    def initialize_logging(self) -> None:
        """Log nothing but what goes wrong."""


def serve(words: Sequence[str], environment: Mapping[str, str], port: int) -> None:
    """Serve a screen until stopped, on loopback: each browser tab gets a process of its own.

    words: the command line that shows the screen. port: where to listen. Raises OSError if it is
    taken.
    """
    os.environ.update(environment)  # the processes of the tabs inherit this one's
    title = "airbook"
    server = OwnPages(shlex.join(words), LOOPBACK, port, title, templates_path=str(TEMPLATES))
    server.serve()
