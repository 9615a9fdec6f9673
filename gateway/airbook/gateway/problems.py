"""Problem documents (RFC 9457): every error of the gateway, in English or Korean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from structlog import get_logger

from airbook.application.text.formatting import error_sentence
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.domain.refusal import Refused
from airbook.eventlog.errors import SENTENCES, StoreError
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import Fenced
from airbook.gateway.language import labels_for

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "1"
TITLES = {
    400: mark("Bad request"),
    401: mark("Not signed in"),
    403: mark("Forbidden"),
    404: mark("Not found"),
    405: mark("Method not allowed"),
    406: mark("Not acceptable"),
    409: mark("Conflict"),
    412: mark("Precondition failed"),
    413: mark("Content too large"),
    415: mark("Unsupported media type"),
    422: mark("Unprocessable content"),
    429: mark("Too many requests"),
    500: mark("Internal error"),
    503: mark("Service unavailable"),
}
# The code and the sentence of an error that has neither, by its status.
PLAIN = {
    400: ("bad_request", mark("The request cannot be read.")),
    401: ("unauthorized", mark("The request needs a valid token.")),
    403: ("forbidden", mark("The token does not allow this.")),
    404: ("not_found", mark("There is nothing at this address.")),
    405: ("method_not_allowed", mark("This address does not allow that method.")),
    406: ("not_acceptable", mark("The answer exists as JSON only.")),
    413: ("content_too_large", mark("The body of a request has at most 16 KiB.")),
    415: ("unsupported_media_type", mark("The body of a request must be application/json.")),
    429: ("too_many_requests", mark("There were too many requests: try again later.")),
    500: ("internal", mark("Something went wrong inside airbook.")),
    503: ("unavailable", mark("airbook is stopping: try again.")),
}
REFUSALS = {
    "no_such_airplane": 404,
    "no_such_reservation": 404,
    "no_such_position": 404,
    "not_parked": 404,
    "seats_out_of_range": 422,
    "key_reused": 422,
    "version_changed": 412,
}


class Problem(Exception):
    """An error of a request, with its status, its code, and members beside the standard ones.

    sentence: English, with {placeholders} for values. members: further members of the document.
    """

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        values: Mapping[str, object] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.values = values or {}
        self.headers = dict(headers or {})
        self.members = members


def plain_problem(status: int, *, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem of a status, with the code and the sentence that PLAIN has for it."""
    code, sentence = PLAIN.get(status, PLAIN[500 if status >= 500 else 400])  # noqa: PLR2004
    return Problem(status, code, sentence, headers=headers)


def problem_of(error: BaseException) -> Problem:
    """Return an error as a problem; an unknown one is internal, and its text is kept secret."""
    match error:
        case Problem():
            return error
        case Refused():
            return Problem(REFUSALS.get(error.code, 409), error.code, *error_sentence(error))
        case StoreError():
            return store_problem(error)
        case Fenced():
            wait = {"Retry-After": RETRY_SECONDS}
            return Problem(503, "rebuilding", *error_sentence(error), headers=wait)
        case Mistyped():
            return Problem(422, "invalid_value", error.sentence, error.values)
        case UnreadableStream():
            return Problem(500, "unreadable_event", mark("An event cannot be read."))
        case HTTPException():
            headers = {name: str(value) for name, value in (error.headers or {}).items()}
            return plain_problem(error.status_code, headers=headers)
        case _:
            return plain_problem(500)


def store_problem(error: StoreError) -> Problem:
    """Return the problem of a store, whose place and whose messages are not for strangers."""
    name = re.split(r"[/\\]", str(error.values["store"]))[-1]
    headers = {"Retry-After": RETRY_SECONDS}
    return Problem(503, error.code, SENTENCES[error.code], {"store": name}, headers=headers)


def document(problem: Problem, label: Labels, instance: str) -> dict[str, object]:
    """Return a problem as the members of its document. instance: the path of the request."""
    return {
        "type": f"urn:airbook:problem:{problem.code}",
        "title": label(TITLES.get(problem.status, TITLES[500])),
        "status": problem.status,
        "detail": label(problem.sentence, problem.values),
        "instance": instance,
        "code": problem.code,
        **problem.members,
    }


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, object]]:
    """Answer a request with the problem that an error is; an internal one is logged."""
    problem = problem_of(error)
    if problem.status >= 500:  # noqa: PLR2004
        log_problem(request, problem, error)
    label = labels_for(request.headers.get("accept-language", ""))
    return Response(
        document(problem, label, request.scope["path"]),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={**problem.headers, "Content-Language": label.language},
    )


def log_problem(request: Request[Any, Any, Any], problem: Problem, error: Exception) -> None:
    """Log a fault of the gateway with its traceback, and a trouble of the store as a warning."""
    log = get_logger()
    where = {"method": request.method, "path": request.scope["path"]}
    if isinstance(error, StoreError):
        log.warning(error.code, **where, **error.values)
    elif problem.code == "internal":
        log.error("internal", **where, exc_info=error)
    else:
        log.error(problem.code, **where, error=str(error))


Handler = Callable[[Request[Any, Any, Any], Exception], Response[Any]]
HANDLERS: dict[int | type[Exception], Handler] = {Exception: respond, HTTPException: respond}
