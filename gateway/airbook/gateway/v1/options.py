"""The answers to OPTIONS: the methods of a path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from litestar import Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler


def options_of(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Return a route for OPTIONS at each path of some routes.

    They come before the other routes: else the framework answers, which knows only the methods of
    the first route at a path.
    """
    methods = defaultdict[str, set[str]](set)
    for handler in handlers:
        for path in handler.paths:
            methods[path] |= handler.http_methods
    return [options(path, {*allowed, "OPTIONS"}) for path, allowed in methods.items()]


def options(path: str, allowed: Iterable[str]) -> HTTPRouteHandler:
    """Return a route for OPTIONS at one path."""
    headers = {"Allow": ", ".join(sorted(allowed))}

    @route(path, http_method=[HttpMethod.OPTIONS], include_in_schema=False)
    async def answer() -> Response[None]:
        return Response(None, status_code=204, headers=headers)

    return answer
