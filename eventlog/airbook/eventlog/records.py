"""What goes into the log in one commit, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from airbook.domain.decider import Event, Kind, Stream
from airbook.domain.refusal import Refused
from airbook.eventlog.codec import UnreadableEvent


class RecordedEvent(NamedTuple):
    """An event in the log.

    position: its place among all events, from 1, without gaps. version: its place in its stream,
    from 1. type: its stored name. at: when it was recorded, as `stamp` writes it. contents: its
    JSON.
    """

    position: int
    stream: Stream
    version: int
    type: str
    at: str
    event: Event | UnreadableEvent
    contents: bytes


class Append(Struct, frozen=True):
    """Events for one stream, decided on its first `version` events; number None makes a new one.

    Without events it says what a decision rested on: the stream must still be at that version.
    """

    kind: Kind
    number: int | None
    version: int
    events: Sequence[Event]


class Key(Struct, frozen=True):
    """An idempotency key and what it was used for."""

    key: str
    contents: str


class Customer(Struct, frozen=True):
    """Who an opaque id stands for."""

    id: str
    name: str


class Parked(Struct, frozen=True):
    """A reservation the approver could not settle: the event it stopped at, and why.

    again: it was asked to be tried once more. dropped: nobody wants it tried again.
    """

    reservation: int
    position: int
    error: str
    at: str
    again: bool = False
    dropped: bool = False


class Checkpoint(Struct, frozen=True):
    """How far a follower named `name` has come.

    past_own: past the events of the same change too, where they follow that position at once; the
    follower knows them.
    """

    name: str
    position: int
    past_own: bool = False


class Transaction(Struct, frozen=True, kw_only=True):
    """What goes into the log in one commit, all of it or none.

    at: when, UTC. customer: one not known before. tracked: a position to move forward to. parked:
    to put aside. settled: reservations no longer put aside.
    """

    at: datetime
    appends: Sequence[Append] = ()
    key: Key | None = None
    customer: Customer | None = None
    tracked: Checkpoint | None = None
    parked: Sequence[Parked] = ()
    settled: Sequence[int] = ()


class Receipt(Struct, frozen=True):
    """A command was accepted: the number of what it was about, and its last event's position.

    repeated: it had been accepted before, under the same key.
    """

    number: int
    position: int
    repeated: bool = False


class Conflict(Exception):
    """Somebody else wrote first: load, decide again."""


class Fenced(Conflict):
    """Somebody else has moved a tracked position on."""


Answer = Receipt | Conflict | Refused
