"""Showing the page: the form to sign in, or what the sender may see."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.exceptions import PermissionDeniedException

from airbook.application.responses import Reservation
from airbook.application.text import parsing
from airbook.application.text.formatting import RESERVATION_SENTENCES, format_fields
from airbook.application.text.labels import LANGUAGES, Labels
from airbook.gateway.authentication import COOKIE
from airbook.gateway.identity import Identity
from airbook.gateway.language import labels_for, labels_in
from airbook.gateway.page.contents import read
from airbook.gateway.page.rendering import render
from airbook.gateway.page.words import Words
from airbook.gateway.store_access import StoreAccess

PageRequest = Request[Any, Any, Any]
LANGUAGE_COOKIE = "airbook_lang"


def words_of(request: PageRequest) -> Words:
    """Return the words in the language chosen on the page, or that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return Words(labels_in(chosen))
    return Words(labels_for(request.headers.get("accept-language", "")))


def sign_in(
    request: PageRequest, *, status: int = 200, refusal: str | None = None
) -> Response[str]:
    """Show the form to sign in."""
    words = words_of(request)
    return render("sign_in.html", status=status, words=words, refusal=refusal, said=None)


async def show(
    request: PageRequest,
    identity: Identity,
    *,
    status: int = 200,
    said: str | None = None,
    refusal: str | None = None,
) -> Response[str]:
    """Show the page of a sender. said, refusal: a sentence at its top."""
    if identity.role == "metrics":
        raise PermissionDeniedException
    access: StoreAccess = request.app.state.access
    words, number = words_of(request), request.query_params.get("page", "1")
    shown = int(number) if parsing.NUMBER.fullmatch(number) and int(number) else 1
    contents = await access.query(lambda queries: read(queries, identity, shown))
    daemon = await access.ask(lambda airbook: airbook.daemon())
    return render(
        "page.html",
        status=status,
        words=words,
        said=said,
        refusal=refusal,
        identity=identity,
        contents=contents,
        sentences={one.id: sentence_of(one, words.label) for one in contents.reservations},
        has_session=COOKIE in request.cookies,
        is_decided_soon=daemon.running,
        may_reserve=identity.role in {"admin", "customer"},
        may_administer=identity.role == "admin",
    )


def sentence_of(reservation: Reservation, label: Labels) -> str:
    """Return the sentence that says how a reservation stands."""
    unknown = RESERVATION_SENTENCES["cancelled"]  # a damaged view may hold any status
    sentence = RESERVATION_SENTENCES.get(reservation.status, unknown)
    return label(sentence, format_fields(reservation, label))
