"""Reading commands from messages: a request of a reservation, or its cancellation."""

from __future__ import annotations

from typing import Annotated, NamedTuple, cast

from confluent_kafka import Message
from msgspec import DecodeError, Meta, Struct, ValidationError, json

from airbook.application.commands import Order, Reserve
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.text.terminal import is_plain, shown
from airbook.domain.reservation import CancelReservation, Number
from airbook.messaging.formats import Headers, mark_in

MOST_BYTES = 16_384
MOST_KEY_BYTES = 200
Identity = Number | Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,8}\Z")]  # also "1", as in a form
KEY_HEADER = "idempotency-key"
UNREADABLE = (ValidationError, DecodeError, UnicodeError, RecursionError, parsing.Mistyped)
# The events of the original system: what has happened is no command.
EVENTS = frozenset(
    {
        *("AirplaneCreated", "ReservationCompleted", "ReservationApproved"),
        *("ReservationUpdated", "ReservationRejected"),
    }
)


class ReservationRequested(Struct, frozen=True, tag=True, tag_field="eventType"):
    """A request in the shape of the original system; customer is airbook's own."""

    airPlaneId: Identity  # noqa: N815 -- the original's name
    customer: str | None = None


class ReservationCancelled(Struct, frozen=True, tag=True, tag_field="eventType"):
    """A cancellation in the shape of the original system."""

    reservId: Identity  # noqa: N815 -- the original's name


class Kind(Struct, frozen=True):
    """The type of an event of the original system."""

    eventType: str  # noqa: N815 -- the original's name


class Rejection(NamedTuple):
    """Why a message is no command, or was not executed. code: stable, for programs."""

    code: str
    sentence: str


def order_of(message: Message, customer: str, topic_id: str) -> Order | Rejection | None:
    """Return the command in a message; None if the message is an event of a relay.

    customer: of a request that names none. topic_id: tells a topic from an earlier one of the same
    name.
    """
    value, headers = message.value() or b"", cast("Headers | None", message.headers())
    if mark_in(headers):
        return None
    if len(value) > MOST_BYTES:
        return Rejection("too_long", f"A command has at most {MOST_BYTES} bytes.")
    try:
        if json.decode(value, type=Kind).eventType in EVENTS:
            return None
        command = json.decode(value, type=ReservationRequested | ReservationCancelled)
        key = key_of(headers) or f"kafka:{topic_id}:{message.partition()}:{message.offset()}"
        if isinstance(command, ReservationCancelled):
            return Order(CancelReservation(), int(command.reservId), key)
        name = customer if command.customer is None else parsing.name(command.customer)
        return Order(Reserve(int(command.airPlaneId), name), None, key)
    except UNREADABLE as error:
        return Rejection("unreadable", f"The message is no command: {error}")


def key_of(headers: Headers | None) -> str | None:
    """Return the idempotency key in the headers of a message. Raises Mistyped."""
    value = next((value for name, value in headers or () if name == KEY_HEADER), None)
    if not value:
        return None
    text = value.decode()
    if len(value) > MOST_KEY_BYTES or not is_plain(text):
        parsing.refuse(mark("{word} cannot be an idempotency key."), word=shown(text))
    return text
