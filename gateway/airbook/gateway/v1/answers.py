"""The answers of every route: JSON with an entity tag, or 304 for what the sender has already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from litestar import Request, Response

from airbook.application.listing import Page
from airbook.gateway.identity import Identity
from airbook.gateway.store_access import StoreAccess
from airbook.gateway.v1.entity_tags import is_known, list_tag
from airbook.gateway.v1.parameters import next_page

T = TypeVar("T")
V1Request = Request[Identity, Any, Any]
PATH = "/api/v1"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
# Answers depend on who asks, and a copy is asked about before it is used.
CACHING = {"Cache-Control": "private, no-cache"}


def access_of(request: V1Request) -> StoreAccess:
    """Return the store of the application that received a request."""
    access: StoreAccess = request.app.state.access
    return access


def answer(
    request: V1Request,
    content: T,
    tag: str | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[T]:
    """Answer with a resource, or with 304 if a GET names its tag."""
    sent = {**CACHING, **(headers or {}), **({"ETag": tag} if tag else {})}
    if tag and request.method in {"GET", "HEAD"} and is_known(request.headers, tag):
        return not_modified(sent)
    return Response(content, status_code=status, media_type=JSON, headers=sent)


def not_modified(headers: Mapping[str, str]) -> Response[Any]:
    """Answer that the sender has the present state already."""
    return Response(None, status_code=304, headers=dict(headers))


def answer_page(
    request: V1Request, page: Page[T], position: int, key_of: Callable[[T], int]
) -> Response[list[T]]:
    """Answer with a page of a list, and with a link to the next one.

    position: up to which the list holds every event. key_of: returns the number or the position of
    a row.
    """
    headers = dict[str, str]()
    if page.has_more:
        asked: bytes = request.scope["query_string"]
        address = next_page(request.scope["path"], asked, key_of(page.rows[-1]))
        headers["Link"] = f'<{address}>; rel="next"'
    tag = list_tag(position, page.rows, request.user.only)
    return answer(request, [*page.rows], tag, headers=headers)
