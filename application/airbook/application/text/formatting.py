"""Responses as people read them, in every front: headings, codes, times and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from msgspec import Raw, Struct, json, structs

from airbook.application.responses import Event, Response
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import is_plain, visible

HEADINGS = {
    "id": mark("No."),
    "airplane": mark("Airplane"),
    "reservation": mark("Reservation"),
    "name": mark("Name"),
    "customer": mark("Customer"),
    "seats": mark("Seats"),
    "taken": mark("Taken"),
    "pending": mark("Pending"),
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
    "by": mark("By"),
    "cause": mark("Cause"),
    "data": mark("Contents"),
    "lag_events": mark("Behind (events)"),
    "lag_seconds": mark("Behind (seconds)"),
    "error": mark("Error"),
    "value": mark("Value"),
    "origin": mark("From"),
    "token_id": mark("Token"),
    "subject": mark("Subject"),
    "role": mark("Role"),
    "created_at": mark("Created"),
    "expires_at": mark("Expires"),
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
    "admin": mark("administrator"),
    "reader": mark("reader"),
    "metrics": mark("metrics"),
    "active": mark("active"),
    "expired": mark("expired"),
    "revoked": mark("revoked"),
}
RESERVATION_SENTENCES = {
    "received": mark("Reservation {id}: {status}. Airplane {airplane}, {customer}."),
    "approved": mark("Reservation {id}: {status}. Airplane {airplane}, seat {seat}."),
    "rejected": mark("Reservation {id}: {status}. Airplane {airplane}, {reason}."),
    "cancelled": mark("Reservation {id}: {status}. Airplane {airplane}."),
}
UNFINISHED = mark("The store is an unfinished copy: complete it with airbook store copy.")
TRANSLATED = {"status", "reason", "state", "origin", "role"}
TIMES = {"at", "received_at", "decided_at", "created_at", "expires_at"}
NUMBERS = {
    *("id", "airplane", "reservation", "seats", "taken", "pending", "left", "seat"),
    *("position", "version", "cause", "lag_events", "lag_seconds"),
}
# Of any length: wrapped in a narrow table.
FREE = {"name", "customer", "by", "data", "error", "value", "subject"}


def format_fields(response: Response, label: Labels) -> Mapping[str, str]:
    """Format every field of a response for people; returns texts by the names of the fields."""
    return {name: format_field(name, value, label) for name, value in fields_of(response).items()}


def format_field(name: str, value: Any, label: Labels) -> str:  # noqa: ANN401 -- any JSON value
    """Format one field of a response for people. name: the name of the field."""
    if name in TRANSLATED and value in CODES:
        return label(CODES[value])
    if name in TIMES and value:
        return format_time(value)
    if name == "data":
        return format_event_data(value)
    return format_value(value)


def encode(response: Response | list[Response] | dict[str, Any]) -> str:
    """Encode as JSON on one line; characters that are not safe on a terminal are escaped."""
    text = json.encode(response).decode()
    return text if is_plain(text) else visible(json.format(text, indent=-1))


def fields_of(response: Response) -> dict[str, Any]:
    """Return the fields of a response by name; the data of an event is decoded."""
    fields = structs.asdict(response)
    if isinstance(data := fields.get("data"), Raw):
        fields["data"] = json.decode(data)
    return fields


def format_value(value: object) -> str:
    """Format one JSON value as text; null as the empty text."""
    if value is None:
        return ""
    if isinstance(value, dict | list | Struct):
        return json.encode(value).decode()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def format_event_data(data: object) -> str:
    """Format the data of an event as key=value pairs, without those that are null."""
    if not isinstance(data, dict):  # an unreadable event may hold anything
        return format_value(data)
    fields = cast("dict[str, object]", data)
    return " ".join(
        f"{key}={format_value(value)}" for key, value in fields.items() if value is not None
    )


def format_actor(event: Event, label: Labels) -> str:
    """Say who acted and which event led to an event; empty if neither was stored."""
    match event.by, event.cause:
        case None, None:
            return ""
        case None, cause:
            return label(mark("cause {cause}"), {"cause": cause})
        case by, None:
            return label(mark("by {by}"), {"by": by})
        case by, cause:
            return label(mark("by {by}, cause {cause}"), {"by": by, "cause": cause})


def format_time(at: str) -> str:
    """Format a UTC time in the local time zone. at: ISO 8601."""
    from datetime import datetime

    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):  # of another program, or at an end of the calendar
        return at


def error_sentence(error: BaseException) -> tuple[str, Mapping[str, object]]:
    """Return the English sentence for an error, with {placeholders}, and the values for them."""
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
