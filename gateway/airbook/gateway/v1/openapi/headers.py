"""The headers of requests and answers that the document names."""

from __future__ import annotations

from typing import Any

from airbook.application.text.labels import mark

Json = dict[str, Any]
STRING: Json = {"type": "string"}


def header(name: str, description: str, example: str, **schema: object) -> Json:
    """Describe a header of a request."""
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {**STRING, **schema},
        "example": example,
    }


REQUEST: dict[str, Json] = {
    "prefer": header(
        "Prefer",
        mark("How many seconds to wait for the decision, at most 30."),
        "wait=2",
    ),
    "key": header(
        "Idempotency-Key",
        mark(
            "A text under which the command is executed once; the same request again gets the same"
            " answer."
        ),
        '"order-4711"',
        pattern=r'^("[!#-\[\]-~]{1,80}"|[!#-+\--:<-\[\]-~]{1,80})$',
    ),
    "if_match": header(
        "If-Match",
        mark("Execute the command only if the ETag is still the one that was read."),
        '"3"',
    ),
    "if_none_match": header(
        "If-None-Match", mark("Answer 304 if the ETag is still the one that was read."), '"2"'
    ),
    "language": header(
        "Accept-Language", mark("The language of sentences for people: en or ko."), "ko"
    ),
}
OF_OPERATIONS: dict[str, list[str]] = {
    "airplanes": ["if_none_match"],
    "airplane": ["if_none_match"],
    "add_airplane": ["key"],
    "change_airplane": ["key", "if_match"],
    "reservations": ["if_none_match"],
    "reservation": ["prefer", "if_none_match"],
    "reserve": ["prefer", "key"],
    "cancel": ["prefer", "key", "if_match"],
    "events": ["if_none_match"],
    "history": [],
    "why": [],
    "status": [],
}


def answered(description: str) -> Json:
    """Describe a header of an answer."""
    return {"description": description, "schema": STRING}


TAG = answered("The entity tag of the answer.")
LOCATION = answered("The address of what was made.")
NEXT = answered('The next page: </api/v1/reservations?after=100>; rel="next".')
APPLIED = answered("The preference that was applied.")
ANSWERED: dict[str, dict[str, Json]] = {
    "airplanes": {"ETag": TAG, "Link": NEXT},
    "airplane": {"ETag": TAG},
    "add_airplane": {"ETag": TAG, "Location": LOCATION},
    "change_airplane": {"ETag": TAG},
    "reservations": {"ETag": TAG, "Link": NEXT},
    "reservation": {"ETag": TAG, "Preference-Applied": APPLIED},
    "reserve": {"ETag": TAG, "Location": LOCATION, "Preference-Applied": APPLIED},
    "cancel": {"ETag": TAG, "Preference-Applied": APPLIED},
    "events": {"ETag": TAG, "Link": NEXT},
}
