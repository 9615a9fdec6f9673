"""The routes of the page: it is shown, it hears when the log grows, and people sign in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException
from litestar.response import Redirect, Stream

from airbook.application.text import parsing
from airbook.application.text.labels import LANGUAGES
from airbook.gateway.authentication import COOKIE, Authentication
from airbook.gateway.guards import requires
from airbook.gateway.identity import Identify, is_still_admitted
from airbook.gateway.page.forms import FORMS, form_of, refuse_foreign
from airbook.gateway.page.showing import (
    LANGUAGE_COOKIE,
    PageRequest,
    show,
    sign_in,
    words_of,
)
from airbook.gateway.rate_limit import RateLimit
from airbook.gateway.seed.hal import base_of
from airbook.gateway.store_access import StoreAccess

YEAR_SECONDS = 365 * 24 * 60 * 60
PAUSE_SECONDS = 0.25  # between two refreshes of a page: a person cannot read faster changes
HEARTBEAT_SECONDS = 15.0
RETRY = b"retry: 1000\n\n"
STATIC = files("airbook.gateway") / "page" / "static"


@get("/", exclude_from_auth=True)
async def page(request: PageRequest) -> Response[Any]:
    """Show the page, or the form to sign in."""
    language = request.query_params.get("lang", "")
    if language in LANGUAGES:
        cookie = Cookie(LANGUAGE_COOKIE, value=language, max_age=YEAR_SECONDS, samesite="strict")
        return Redirect("/", status_code=303, cookies=[cookie])
    identify: Identify = request.app.state.identify
    try:
        identity = await identify(request)
    except NotAuthorizedException:
        return sign_in(request)
    limit_of(request).admit(f"subject {identity.subject}")
    return await show(request, identity, said=said_in(request))


def limit_of(request: PageRequest) -> RateLimit:
    """Return the limit of requests, for the routes that everybody may enter."""
    limit: RateLimit = request.app.state.limit
    return limit


def said_in(request: PageRequest) -> str | None:
    """Return what a form has done before the page is shown, as its address says it."""
    number = request.query_params.get("number", "")
    if not parsing.NUMBER.fullmatch(number):
        return None
    return words_of(request).said(request.query_params.get("said", ""), {"number": number})


@post("/page/session", exclude_from_auth=True, status_code=303)
async def begin_session(request: PageRequest) -> Response[Any]:
    """Keep a token in a cookie that scripts cannot read and other sites cannot send."""
    refuse_foreign(request)
    limit_of(request).admit(f"address {request.client.host if request.client else ''}")
    token = (await form_of(request)).get("token", "").strip()
    authentication: Authentication = request.app.state.identify
    try:
        await authentication.identity_of(token)
    except NotAuthorizedException:
        return sign_in(request, status=401, refusal=words_of(request).wrong_token)
    secure = base_of(request).startswith("https:")
    cookie = Cookie(COOKIE, value=token, httponly=True, samesite="strict", secure=secure)
    return Redirect("/", status_code=303, cookies=[cookie])


@post("/page/session/end", exclude_from_auth=True, status_code=303)
async def end_session(request: PageRequest) -> Response[Any]:
    """Forget the token of a browser; the token itself goes on to be valid."""
    refuse_foreign(request)
    cookie = Cookie(COOKIE, value="", max_age=0, httponly=True, samesite="strict")
    return Redirect("/", status_code=303, cookies=[cookie])


@get("/page/changes", guards=[requires("customer", "reader")])
async def changes(request: PageRequest) -> Stream:
    """Send a message whenever the log has grown, until the gateway stops."""
    access: StoreAccess = request.app.state.access
    headers = {"Cache-Control": "no-store"}
    return Stream(messages(access, request), media_type="text/event-stream", headers=headers)


async def messages(access: StoreAccess, request: PageRequest) -> AsyncIterator[bytes]:
    """Yield a message for each time that the log has grown, and a comment in a long silence.

    The stream ends with the token of its sender.
    """
    yield RETRY
    position = access.watch.head
    while not access.watch.is_stopping and await is_still_admitted(request):
        if await access.watch.grown(position, HEARTBEAT_SECONDS):
            position = access.watch.head
            yield f"id: {position}\ndata: {position}\n\n".encode()
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            yield b": heartbeat\n\n"


@get("/page/airbook.css", exclude_from_auth=True, media_type="text/css")
async def style() -> bytes:
    """Send the style of the page."""
    return (STATIC / "airbook.css").read_bytes()


@get("/page/airbook.js", exclude_from_auth=True, media_type="text/javascript")
async def script() -> bytes:
    """Send the script of the page."""
    return (STATIC / "airbook.js").read_bytes()


ROUTES = [page, begin_session, end_session, changes, style, script, *FORMS]
