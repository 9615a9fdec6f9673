"""Documents of the original's dialect: a body with its links, in the media type that is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from litestar import Request, Response, route
from msgspec import json

from airbook.gateway.identity import Identity
from airbook.gateway.media_types import preferred
from airbook.gateway.store_access import StoreAccess

HAL, JSON = "application/hal+json", "application/json"
HOST = re.compile(r"[A-Za-z0-9.\-_~%\[\]:]{1,255}", re.ASCII)
GatewayRequest = Request[Identity, Any, Any]
Document = dict[str, Any]
reading = partial(route, http_method=("GET", "HEAD"))  # a route that changes nothing


def access_of(request: GatewayRequest) -> StoreAccess:
    """Return the store of the application."""
    access: StoreAccess = request.app.state.access
    return access


def base_of(request: GatewayRequest) -> str:
    """Return the address by which the gateway was reached, such as http://localhost:8080.

    The headers of a proxy count only where the gateway was told to trust it.
    """
    headers = request.headers
    scheme, host = request.scope["scheme"], headers.get("host", "")
    if request.app.state.trust_proxy:
        scheme = headers.get("x-forwarded-proto", scheme).partition(",")[0].strip()
        host = headers.get("x-forwarded-host", host).partition(",")[0].strip()
    if not HOST.fullmatch(host):
        name, port = cast("tuple[str, int | None]", request.scope["server"])
        host = name if port is None else f"{name}:{port}"
    return f"{scheme if scheme in {'http', 'https'} else 'http'}://{host}"


def link(address: str) -> Mapping[str, str]:
    """Return a link to an address."""
    return {"href": address}


def resource(fields: Document, address: str, relation: str) -> Document:
    """Return one resource: its fields, and links to itself under two names."""
    return {**fields, "_links": {"self": link(address), relation: link(address)}}


def media_type_for(request: GatewayRequest, usual: str) -> str:
    """Return the media type of an answer: `usual`, unless the request prefers the other one.

    Raises HTTPException (406) if the request accepts no JSON.
    """
    other = JSON if usual == HAL else HAL
    return preferred(request.headers.get("accept", ""), usual, other)


def respond(
    request: GatewayRequest,
    content: Document,
    *,
    status: int = 200,
    usual: str = HAL,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """Answer with a document.

    usual: the media type unless the request prefers the other one. Raises HTTPException (406).
    """
    media_type = media_type_for(request, usual)
    body = json.encode(content)
    return Response(body, status_code=status, media_type=media_type, headers=dict(headers or {}))
