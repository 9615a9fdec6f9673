"""What is checked of every request before its route: the media types, and names in the body."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.text.terminal import shown
from airbook.gateway.bodies import read_body
from airbook.gateway.media_types import preferred
from airbook.gateway.v1.answers import EVENT_STREAM, JSON, V1Request


async def check_request(request: V1Request) -> None:
    """Check that the sender accepts JSON, and sends what its route takes.

    Raises HTTPException (406, 413, 415), Problem (400, 422) and Mistyped.
    """
    if request.method != "OPTIONS":
        accepted(request, JSON)
    if expected := request.route_handler.parsed_data_field:
        # Strictly: the framework would take texts for numbers.
        await read_body(request, expected.annotation)
        check_names(await request.body())


async def check_events_request(request: V1Request) -> None:
    """Check that the sender accepts JSON or a stream of events. Raises HTTPException (406)."""
    accepted(request, JSON, EVENT_STREAM)


def accepted(request: V1Request, *media_types: str) -> str:
    """Return the media type that the sender prefers. Raises HTTPException (406)."""
    return preferred(request.headers.get("accept", ""), *media_types)


def check_names(body: bytes) -> None:
    """Refuse an object with two members of one name: programs differ in which of them they take.

    Raises Mistyped.
    """
    json.loads(body, object_pairs_hook=refuse_repeated)


def refuse_repeated(members: Sequence[tuple[str, object]]) -> None:
    """Refuse an object that has two members of one name. Raises Mistyped."""
    for name, times in Counter(name for name, _ in members).items():
        if times > 1:
            parsing.refuse(mark("{name} appears more than once."), name=shown(name))
