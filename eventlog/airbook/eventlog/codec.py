"""The codec: the stored names of events, their versions, and how older versions are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from msgspec import Meta, Raw, Struct, json, structs

from airbook.domain import airplane, reservation
from airbook.domain.decider import Event

Fields = dict[str, Any]
Data = TypeVar("Data")


class EventType(Struct, frozen=True):
    """One type of event as it is stored.

    name: chosen once, independent of the name of the class. upcasters: the nth turns the fields of
    version n into those of version n + 1; the version written today is one more than their number.
    """

    event: type[Event]
    name: str
    upcasters: tuple[Callable[[Fields], Fields], ...] = ()

    @property
    def version(self) -> int:
        """Return the version that is written today."""
        return len(self.upcasters) + 1


class UnreadableEvent(Struct, frozen=True):
    """Takes the place of a stored event that this program cannot read. error: the reason."""

    error: str


UNKNOWN_TIME = "1970-01-01T00:00:00.000Z"
MAX_TEXT = 500  # characters
MAX_POSITION = 2**62  # every store can hold it, and as many positions after it


# https://www.w3.org/TR/trace-context/#traceparent-header
TRACEPARENT = r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"


class Envelope(Struct, Generic[Data], frozen=True, kw_only=True, omit_defaults=True):
    """The JSON of one stored event: when it was recorded, as `stamp` writes it, and its data.

    by: the id of the actor. cause: the position of the event that led to this one. trace: the
    traceparent of the request that led to it, while requests are traced. All three are left out
    where they are None, as in the events that were stored before them. data: the event, or its
    JSON, which is decoded later.
    """

    at: str
    by: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)] | None = None
    cause: Annotated[int, Meta(ge=1, le=MAX_POSITION)] | None = None
    trace: Annotated[str, Meta(pattern=TRACEPARENT)] | None = None
    data: Data


class DecodedEvent(NamedTuple):
    """A stored event after decoding: its type, its time, its data as JSON, and the event.

    by: the id of the actor, if it was stored. cause: the position of the event that led to it.
    trace: the traceparent of the request that led to it.
    """

    type: str
    at: str
    data: bytes
    event: Event | UnreadableEvent
    by: str | None = None
    cause: int | None = None
    trace: str | None = None


# What `stamp` writes. In its first and last year, Python cannot compute every local time, and only
# newer ones take hour 24.
STAMP = re.compile(r"(?!0001|9999)\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d\.\d{3}Z")

VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def stamp(at: datetime) -> str:
    """Format a UTC time as ISO 8601 with milliseconds and Z."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def check_time(at: str) -> None:
    """Raise ValueError for a time in another form than `stamp` writes, or that does not exist."""
    if not STAMP.fullmatch(at):
        raise ValueError("a time that is not UTC with milliseconds")
    datetime.fromisoformat(at)


def check_texts(*values: object) -> None:
    """Raise ValueError for texts that a database may refuse: NUL, and texts too long to index."""
    for value in values:
        if isinstance(value, str) and ("\0" in value or len(value) > MAX_TEXT):
            raise ValueError("a text with NUL in it, or too long")


class Codec:
    """Encodes events as named, versioned JSON, and decodes every version ever written."""

    def __init__(self, event_types: Iterable[EventType]) -> None:
        self.event_types = tuple(event_types)
        self._by_name = {one.name: one for one in self.event_types}
        self._topics = {one.event: f"{one.name}.v{one.version}" for one in self.event_types}
        self._decoders = {
            self._topics[one.event]: (one.name, json.Decoder(one.event)) for one in self.event_types
        }
        self._envelopes = json.Decoder(Envelope[Raw])
        self._encode = json.Encoder().encode

    def encode(
        self,
        event: Event,
        at: str,
        by: str | None = None,
        cause: int | None = None,
        trace: str | None = None,
    ) -> tuple[str, bytes]:
        """Return the topic of an event (ReservationRejected.v1) and its JSON.

        at: a `stamp`. by, cause, trace: as in `Envelope`.
        """
        envelope = Envelope(at=at, by=by, cause=cause, trace=trace, data=event)
        return self._topics[type(event)], self._encode(envelope)

    def decode(self, topic: str, state: bytes) -> DecodedEvent:
        """Decode a stored event of any version; the result holds an UnreadableEvent if it fails."""
        at, data, by, cause = UNKNOWN_TIME, b"null", None, None
        try:
            envelope = self._envelopes.decode(state)
            check_time(envelope.at)
            if envelope.by and "\0" in envelope.by:
                check_texts(envelope.by)
            at, data = envelope.at, str(envelope.data, "utf-8").encode()  # fronts show it as text
            by, cause = envelope.by, envelope.cause
            current = self._decoders.get(topic)
            if current is not None:
                name, event = current[0], current[1].decode(data)
            else:
                name, event = topic.partition(".")[0], self._upcast(topic, data)
            if b"\\u0000" in data or len(data) > MAX_TEXT:
                check_texts(*structs.astuple(event))
            return DecodedEvent(name, at, data, event, by, cause, envelope.trace)
        except Exception as error:  # noqa: BLE001 -- an unreadable event must not stop later ones
            reason = f"{type(error).__name__}: {error}"
            name = topic.partition(".")[0]
            return DecodedEvent(name, at, data, UnreadableEvent(reason), by, cause)

    def _upcast(self, topic: str, data: bytes) -> Event:
        name, _, version = topic.partition(".v")
        event_type = self._by_name.get(name)
        if event_type is None or not VERSION.fullmatch(version):
            msg = f"'{topic}' is no event type of this program"
            raise ValueError(msg)
        fields: Fields = json.decode(data, type=dict[str, Any])
        if not int(version) < event_type.version:
            newest = event_type.version
            msg = f"{topic} is newer than this program, which knows up to version {newest}"
            raise ValueError(msg)
        for upcaster in event_type.upcasters[int(version) - 1 :]:
            fields = upcaster(fields)
        return json.Decoder(event_type.event).decode(json.encode(fields))


CODEC = Codec(
    (
        EventType(airplane.AirplaneCreated, "AirplaneCreated"),
        EventType(airplane.SeatsChanged, "SeatsChanged"),
        EventType(airplane.AirplaneClosed, "AirplaneClosed"),
        EventType(airplane.AirplaneOpened, "AirplaneOpened"),
        EventType(airplane.SeatAssigned, "SeatAssigned"),
        EventType(airplane.SeatReleased, "SeatReleased"),
        EventType(reservation.ReservationRequested, "ReservationRequested"),
        EventType(reservation.ReservationApproved, "ReservationApproved"),
        EventType(reservation.ReservationRejected, "ReservationRejected"),
        EventType(reservation.ReservationCancelled, "ReservationCancelled"),
    )
)
