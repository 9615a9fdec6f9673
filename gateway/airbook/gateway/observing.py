"""The outermost layer of the gateway: it sees every request with the code of its answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from airbook.application.observability.observer import Observers

if TYPE_CHECKING:
    from airbook.gateway.http_figures import HttpFigures

ABORTED = 0  # what Istio counts when a client leaves before the answer


class Observed:
    """An application whose requests are counted and traced, also those that no route takes."""

    def __init__(self, app: ASGIApp, observing: Observers) -> None:
        """observing: without figures, nothing is counted; without traces, nothing is traced."""
        self._app = app
        self._is_idle = not observing
        self._traces = observing.traces
        self._figures: HttpFigures | None = None
        if observing.figures:
            from airbook.gateway.http_figures import HttpFigures

            self._figures = HttpFigures(observing.figures.registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._is_idle or scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
        elif self._traces is None:
            await self._answer(scope, receive, send)
        else:
            from airbook.application.observability.traces import answered

            with self._traces.request(scope["method"], headers_of(scope)) as span:
                code = await self._answer(scope, receive, send)
                answered(span, route_of(scope), code)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> int:
        """Answer and count a request; returns the code of the answer."""
        begun, code, seconds = time.monotonic(), ABORTED, 0.0

        async def observe(message: Message) -> None:
            nonlocal code, seconds
            if message["type"] == "http.response.start":
                code, seconds = message["status"], time.monotonic() - begun
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            if self._figures:
                self._figures.answered(scope["method"], route_of(scope), code, seconds)
        return code


def route_of(scope: HTTPScope) -> str | None:
    """Return the route that took a request, with {names} in it; None if none did."""
    return cast("dict[str, str]", scope).get("path_template")


def headers_of(scope: HTTPScope) -> Mapping[str, str]:
    """Return the headers of a request by their names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
