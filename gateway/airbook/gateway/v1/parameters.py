"""The parameters of paths and queries, parsed as strictly as on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from litestar.openapi.spec import OpenAPIType
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment, parse_moment, position_at
from airbook.application.event_filter import STREAM, TYPES
from airbook.application.listing import Cursor
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.text.terminal import shown
from airbook.domain.reservation import REASONS, STATUSES
from airbook.gateway.v1.bodies import PLAIN_TEXT

MOST_ROWS = 1_000
USUAL_ROWS = "100"
LAST = 999_999_999
INTEGER = {"type": OpenAPIType.INTEGER}
NUMBER = {**INTEGER, "minimum": 1, "maximum": LAST}
POSITION = {**INTEGER, "minimum": 0, "maximum": LAST}
TEXT = {"type": OpenAPIType.STRING}
NAME = {"min_length": 1, "max_length": parsing.NAME_LENGTH, "pattern": PLAIN_TEXT}
STREAM_NAME = {**TEXT, "pattern": f"^{STREAM.pattern}$"}
# The moments that programs write; people may also write 22:53 or yesterday.
MOMENTS = [
    {**TEXT, "pattern": "^[0-9]{1,9}$"},
    {**TEXT, "format": "date-time"},
    {**TEXT, "pattern": "^-[0-9]{1,6}(d|h|m|s|ms)$"},
]


def query(name: str, description: str, **schema: object) -> QueryParameter:
    """Describe a parameter of a query. schema: what the document says about its values."""
    return QueryParameter(name=name, description=description, schema_extra=schema, required=False)


AirplaneNumber = Annotated[
    str, PathParameter(description=mark("The number of the airplane."), schema_extra=NUMBER)
]
ReservationNumber = Annotated[
    str, PathParameter(description=mark("The number of the reservation."), schema_extra=NUMBER)
]
AsOf = Annotated[
    str | None,
    query(
        "as_of",
        mark("The moment that the answer shows: 42, 2026-11-22T09:00Z or -5m."),
        any_of=MOMENTS,
    ),
]
After = Annotated[str, query("after", mark("The page begins after this number."), **POSITION)]
EventsAfter = Annotated[
    str | None, query("after", mark("Only events after this position."), **POSITION)
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        description=mark("The position of the last event that the reader of a stream has."),
        required=False,
        schema_extra=POSITION,
    ),
]
Limit = Annotated[
    str, query("limit", mark("The most rows of a page."), **INTEGER, minimum=1, maximum=MOST_ROWS)
]
OfAirplane = Annotated[str | None, query("airplane", mark("Only of this airplane."), **NUMBER)]
OfCustomer = Annotated[
    str | None,
    query("customer", mark("Only of the customer with this name."), **NAME),
]
OfStatus = Annotated[str | None, query("status", mark("Only with this status."), enum=[*STATUSES])]
OfReason = Annotated[
    str | None, query("reason", mark("Only rejected for this reason."), enum=[*REASONS])
]
OfStreams = Annotated[
    list[str] | None, query("stream", mark("Only of these streams."), items=STREAM_NAME)
]
OfTypes = Annotated[
    list[str] | None, query("type", mark("Only of these types."), items={**TEXT, "enum": [*TYPES]})
]


def limit(word: str) -> int:
    """Parse the length of a page, 1 to MOST_ROWS. Raises Mistyped."""
    if not 1 <= parsing.number(word) <= MOST_ROWS:
        parsing.refuse(mark("A page has 1 to {most} rows."), most=MOST_ROWS)
    return parsing.number(word)


def code(word: str | None, among: Sequence[Any]) -> Any:  # noqa: ANN401 -- one of the literals
    """Parse one of some codes; None stays None. Raises Mistyped."""
    if word is not None and word not in among:
        sentence = mark("{word} is none of these: {names}.")
        parsing.refuse(sentence, word=shown(word), names=", ".join(among))
    return word


def streams(words: Sequence[str] | None) -> Sequence[str]:
    """Parse the names of streams. Raises Mistyped."""
    for word in words or ():
        if not STREAM.fullmatch(word):
            sentence = mark("{word} is not a stream like airplane-1 or reservation-1.")
            parsing.refuse(sentence, word=shown(word))
    return words or ()


def types(words: Sequence[str] | None) -> Sequence[str]:
    """Parse the types of events. Raises Mistyped."""
    return [code(word, TYPES) for word in words or ()]


def moment(word: str | None) -> Moment | None:
    """Parse a moment; None stands for now. Raises Mistyped."""
    return None if word is None else parse_moment(word)


def position(airbook: Airbook, at: Moment | None) -> int | None:
    """Return the log position of a moment; None for now. Raises Refused (no_such_position)."""
    return None if at is None else position_at(airbook.log, at, airbook.clock())


def cursor(after: str, rows: str, as_of: int | None = None) -> Cursor:
    """Parse where a page begins and how long it is. Raises Mistyped."""
    return Cursor(parsing.number(after), limit(rows), as_of)


def next_page(path: str, asked: bytes, after: int) -> str:
    """Return the address of the page after a row. asked: the query of the page before."""
    pairs = parse_qsl(asked.decode(errors="replace"), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name != "after"]
    return f"{path}?{urlencode([*kept, ('after', str(after))])}"
