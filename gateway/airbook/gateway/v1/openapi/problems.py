"""The problems of each operation, with an example of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from litestar.exceptions import HTTPException

from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import StoreError
from airbook.gateway.language import labels_in
from airbook.gateway.problems import MEDIA_TYPE, Problem, document, problem_of

Json = dict[str, Any]
SCHEMA: Json = {
    "title": "Problem",
    "description": "A problem document (RFC 9457). title and detail are in the language of"
    " Accept-Language, English or Korean; code never changes.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail", "instance", "code"],
}
SAMPLES: Mapping[str, Exception] = {
    "no_such_airplane": Refused.no_such_airplane().about(1),
    "no_such_reservation": Refused.no_such_reservation().about(6),
    "no_such_position": Refused(
        "no_such_position", mark("The last position of the log is {head}."), head=18
    ),
    "invalid_value": Mistyped(mark("Numbers begin at 1.")),
    "invalid_body": Problem(
        *(422, "invalid_body", mark("The body does not fit: {error}")),
        {"error": "Expected `int`, got `str` - at `$.seats`"},
    ),
    "invalid_json": Problem(400, "invalid_json", mark("The body is not valid JSON.")),
    "key_reused": Refused.key_reused("order-4711"),
    "key_running": Problem(
        *(409, "key_running"),
        mark("The request with the key {key} is still running: repeat it later."),
        {"key": "order-4711"},
    ),
    "seats_taken": Refused.seats_taken(5).about(1),
    "already_cancelled": Refused.already_decided("cancelled").about(6),
    "already_rejected": Refused.already_decided("rejected").about(6),
    "version_changed": Refused.version_changed(3),
    "store_busy": StoreError("store_busy", "airbook.db"),
    **{
        code: HTTPException(status_code=status)
        for code, status in {
            "bad_request": 400,
            "unauthorized": 401,
            "forbidden": 403,
            "not_acceptable": 406,
            "content_too_large": 413,
            "unsupported_media_type": 415,
            "too_many_requests": 429,
            "internal": 500,
        }.items()
    },
}
ALWAYS = (
    *("bad_request", "unauthorized", "forbidden", "not_acceptable", "too_many_requests"),
    *("internal", "store_busy", "invalid_value"),
)
WITH_BODY = ("invalid_json", "invalid_body", "content_too_large", "unsupported_media_type")
WITH_KEY = ("key_reused", "key_running")
OF_OPERATIONS: Mapping[str, Iterable[str]] = {
    "airplanes": ["no_such_position"],
    "airplane": ["no_such_airplane", "no_such_position"],
    "add_airplane": [*WITH_BODY, *WITH_KEY],
    "change_airplane": [
        *("no_such_airplane", "seats_taken", "version_changed"),
        *(*WITH_BODY, *WITH_KEY),
    ],
    "reservations": ["no_such_position"],
    "reservation": ["no_such_reservation", "no_such_position"],
    "history": ["no_such_reservation", "no_such_position"],
    "why": ["no_such_reservation", "no_such_position"],
    "reserve": [*WITH_BODY, *WITH_KEY],
    "cancel": [
        *("no_such_reservation", "already_cancelled", "already_rejected"),
        *("version_changed", *WITH_KEY),
    ],
    "events": ["no_such_position"],
    "status": ["no_such_position"],
}


def responses(operation: str, path: str) -> Json:
    """Return the responses of an operation that are problems, by their status."""
    found: Json = {}
    for code in (*ALWAYS, *OF_OPERATIONS[operation]):
        shown = document(problem_of(SAMPLES[code]), labels_in("en"), path)
        response = found.setdefault(
            str(shown["status"]),
            {
                "description": shown["title"],
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        response["content"][MEDIA_TYPE]["examples"][shown["code"]] = {"value": shown}
    return found
