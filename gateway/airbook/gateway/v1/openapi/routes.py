"""The routes of the OpenAPI document and of the page to browse it."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.enums import OpenAPIMediaType

from airbook.gateway.language import labels_for
from airbook.gateway.v1.openapi.document import openapi_document
from airbook.gateway.v1.openapi.page import POLICY, render


@get("/openapi.json", include_in_schema=False)
async def openapi_json() -> Response[dict[str, object]]:
    """Answer with the document."""
    return Response(openapi_document(), media_type=OpenAPIMediaType.OPENAPI_JSON)


@get("/openapi", include_in_schema=False)
async def openapi_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Answer with the page, in English or Korean."""
    label = labels_for(request.headers.get("accept-language", ""))
    headers = {
        "Content-Language": label.language,
        "Content-Security-Policy": POLICY,
        "Vary": "Accept-Language",
    }
    return Response(render(label), media_type=MediaType.HTML, headers=headers)
