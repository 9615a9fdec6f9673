"""Things of the book in words that every front shows: headings, codes, times and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from msgspec import Raw, Struct, json, structs

from airbook.application.responses import Response
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import is_plain, visible

HEADINGS = {
    "id": mark("No."),
    "airplane": mark("Airplane"),
    "reservation": mark("Reservation"),
    "name": mark("Name"),
    "customer": mark("Customer"),
    "seats": mark("Seats"),
    "taken": mark("Taken"),
    "pending": mark("Waiting"),
    "left": mark("Left"),
    "seat": mark("Seat"),
    "status": mark("Status"),
    "state": mark("State"),
    "reason": mark("Reason"),
    "received_at": mark("Received"),
    "decided_at": mark("Decided"),
    "position": mark("Position"),
    "stream": mark("Stream"),
    "version": mark("Version"),
    "type": mark("Type"),
    "at": mark("At"),
    "data": mark("Contents"),
    "lag_events": mark("Behind (events)"),
    "lag_seconds": mark("Behind (seconds)"),
    "error": mark("Error"),
    "value": mark("Value"),
    "origin": mark("From"),
}
CODES = {
    "received": mark("received"),
    "approved": mark("approved"),
    "rejected": mark("rejected"),
    "cancelled": mark("cancelled"),
    "open": mark("open"),
    "closed": mark("closed"),
    "parked": mark("parked"),
    "retrying": mark("retrying"),
    "dropped": mark("dropped"),
    "no_seats_left": mark("no seats left"),
    "no_such_airplane": mark("no such airplane"),
    "airplane_closed": mark("airplane closed"),
    "flag": mark("flag"),
    "environment": mark("environment"),
    "file": mark("file"),
    "default": mark("default"),
}
RESERVATION_SENTENCES = {
    "received": mark("Reservation {id}: {status}. Airplane {airplane}, {customer}."),
    "approved": mark("Reservation {id}: {status}. Airplane {airplane}, seat {seat}."),
    "rejected": mark("Reservation {id}: {status}. Airplane {airplane}, {reason}."),
    "cancelled": mark("Reservation {id}: {status}. Airplane {airplane}."),
}
TRANSLATED = {"status", "reason", "state", "origin"}
TIMES = {"at", "received_at", "decided_at"}
NUMBERS = {
    *("id", "airplane", "reservation", "seats", "taken", "pending", "left", "seat"),
    *("position", "version", "lag_events", "lag_seconds"),
}
FREE = {"name", "customer", "data", "error", "value"}  # of any length: folded where room is short


def in_words(response: Response, label: Labels) -> Mapping[str, str]:
    """Put each field of a thing as a person reads it, by the field's name."""
    return {
        name: label(CODES[value])
        if name in TRANSLATED and value in CODES
        else clock(value)
        if name in TIMES and value
        else listed(value)
        if name == "data"
        else plain(value)
        for name, value in fields_of(response).items()
    }


def encode(response: Response | list[Response] | dict[str, Any]) -> str:
    """Write JSON, UTF-8, on one line; what a terminal would obey is escaped."""
    text = json.encode(response).decode()
    return text if is_plain(text) else visible(json.format(text, indent=-1))


def fields_of(response: Response) -> dict[str, Any]:
    """Return the fields of a response by name; the data of an event is decoded."""
    fields = structs.asdict(response)
    if isinstance(data := fields.get("data"), Raw):
        fields["data"] = json.decode(data)
    return fields


def plain(value: object) -> str:
    """Write one field as text; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, dict | list | Struct):
        return json.encode(value).decode()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def listed(contents: object) -> str:
    """Show what an event says, without what it leaves open."""
    if not isinstance(contents, dict):  # an event that cannot be read
        return plain(contents)
    said = cast("dict[str, object]", contents)
    return " ".join(f"{key}={plain(value)}" for key, value in said.items() if value is not None)


def clock(at: str) -> str:
    """Show a UTC time by the clock on the wall."""
    from datetime import datetime

    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"


def sentence_of(error: BaseException) -> tuple[str, Mapping[str, object]]:
    """Find the English sentence for what was in the way, and the values it speaks of."""
    from airbook.domain.refusal import Refused
    from airbook.eventlog.errors import StoreError
    from airbook.eventlog.log import UnreadableStream
    from airbook.eventlog.records import Fenced

    match error:
        case Refused() | StoreError():
            return error.sentence, {"number": "?", **error.values}
        case Fenced():
            return mark("Another process is rebuilding the views."), {}
        case UnreadableStream():
            return mark("An event cannot be read: {error}"), {"error": error}
        case _:
            sentence = mark("Something went wrong inside airbook: {error}")
            return sentence, {"error": f"{type(error).__name__}: {error}"}
