"""The bodies of requests: JSON of a known shape, and numbers that may come as texts."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.gateway.problems import Problem

T = TypeVar("T")
JSON_TYPES = ("application/json", "application/hal+json", "application/merge-patch+json")
Count = int | str  # httpie sends seatQty=5 as a text


async def read_body(request: Request[Any, Any, Any], shape: type[T]) -> T:
    """Return the body of a request.

    Raises HTTPException (413, 415) and Problem: unreadable JSON (400), another shape (422).
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in JSON_TYPES:
        raise HTTPException(status_code=415)
    try:
        body = await request.body()
    except InternalServerException as error:  # the sender has left
        raise HTTPException(status_code=400) from error
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        sentence = mark("The body does not fit: {error}")
        raise Problem(422, "invalid_body", sentence, {"error": error}) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "invalid_json", mark("The body is not valid JSON.")) from error


def count_of(value: Count) -> int:
    """Return a number of at most nine digits, given as a number or as a text. Raises Mistyped."""
    return parsing.number(str(value))


def identity_of(value: Count) -> int:
    """Return the number of an airplane or a reservation. Raises Mistyped."""
    return parsing.identity(str(value))


def number_in_path(word: str) -> int:
    """Return the number in an address. Raises HTTPException (404): nothing else has an address."""
    if not parsing.NUMBER.fullmatch(word) or int(word) == 0:
        raise HTTPException(status_code=404)
    return int(word)
