"""The names events are stored under, their versions, and how old ones are read today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Raw, Struct, json, structs

from airbook.domain import airplane, reservation
from airbook.domain.decider import Event

Contents = dict[str, Any]


class EventType(Struct, frozen=True):
    """One kind of event as it is stored.

    name: chosen once, apart from the class's name. upcasts: the nth turns the contents of version
    n into those of version n + 1; the version written today is one more than there are upcasts.
    """

    event: type[Event]
    name: str
    upcasts: tuple[Callable[[Contents], Contents], ...] = ()

    @property
    def version(self) -> int:
        """Tell the version that is written today."""
        return len(self.upcasts) + 1


class UnreadableEvent(Struct, frozen=True):
    """What stands in for a stored event that this program cannot read."""

    error: str


class Envelope(Struct, frozen=True):
    """The JSON of one event: when it was recorded, as `stamp` writes it, and its contents."""

    at: str
    data: Raw


class Read(NamedTuple):
    """One stored event, read: its name, when it was recorded, its contents as JSON, and itself."""

    name: str
    at: str
    data: bytes
    event: Event | UnreadableEvent


UNKNOWN_TIME = "1970-01-01T00:00:00.000Z"
LONG_TEXT = 500


def stamp(at: datetime) -> str:
    """Write a UTC time as ISO 8601 with milliseconds and Z."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def plain(*values: object) -> None:
    """Refuse what a database may not take in: NUL, and texts too long for an index."""
    for value in values:
        if isinstance(value, str) and ("\0" in value or len(value) > LONG_TEXT):
            raise ValueError("a text with NUL in it, or too long")


class Codec:
    """Writes events as named, versioned JSON and reads every version ever written."""

    def __init__(self, words: Iterable[EventType]) -> None:
        self.words = tuple(words)
        self._by_fact = {word.event: word for word in self.words}
        self._by_name = {word.name: word for word in self.words}
        self._topics = {word.event: f"{word.name}.v{word.version}" for word in self.words}
        self._readers = {
            self._topics[word.event]: (word.name, json.Decoder(word.event)) for word in self.words
        }
        self._stored = json.Decoder(Envelope)
        self._encoder = json.Encoder()

    def write(self, event: Event, at: str) -> tuple[str, bytes]:
        """Give an event its stored name (ReservationRejected.v1) and its JSON. at: a `stamp`."""
        data = Raw(self._encoder.encode(event))
        return self._topics[type(event)], self._encoder.encode(Envelope(at, data))

    def read(self, topic: str, state: bytes) -> Read:
        """Read a stored event of any version; one that cannot be read comes as Unreadable."""
        at, data = UNKNOWN_TIME, b"null"
        try:
            stored = self._stored.decode(state)
            plain(stored.at)
            if datetime.fromisoformat(stored.at).tzinfo is None:
                raise ValueError("a time without its zone")  # noqa: TRY301 -- told as Unreadable
            at, data = stored.at, str(stored.data, "utf-8").encode()  # text, whoever shows it
            current = self._readers.get(topic)
            if current is not None:
                name, event = current[0], current[1].decode(data)
            else:
                name, event = topic.partition(".")[0], self._upcast(topic, data)
            if b"\\u0000" in data or len(data) > LONG_TEXT:
                plain(*structs.astuple(event))
            return Read(name, at, data, event)
        except Exception as error:  # noqa: BLE001 -- one bad event must not stop those after it
            reason = f"{type(error).__name__}: {error}"
            return Read(topic.partition(".")[0], at, data, UnreadableEvent(reason))

    def _upcast(self, topic: str, data: bytes) -> Event:
        name, _, version = topic.partition(".v")
        word = self._by_name[name]
        contents: Contents = json.decode(data, type=dict[str, Any])
        if not 1 <= int(version) < word.version:
            msg = f"{topic} is newer than this program, which knows up to version {word.version}"
            raise ValueError(msg)
        for upcast in word.upcasts[int(version) - 1 :]:
            contents = upcast(contents)
        return json.Decoder(word.event).decode(json.encode(contents))


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
