"""The records of the log: what callers append, what they read, and the results they get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from airbook.domain.decider import Event
from airbook.domain.refusal import Refused
from airbook.eventlog.codec import UnreadableEvent

NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Stream(NamedTuple):
    """The name of the stream of one airplane or reservation, written airplane-1, reservation-6.

    number: from 1. A stored name of another form has number 0, and the whole name as its kind.
    """

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}" if self.number else self.kind

    @classmethod
    def parse(cls, text: str) -> Stream:
        """Read a stored name: airplane-1, reservation-6."""
        kind, _, number = text.rpartition("-")
        if NUMBER.fullmatch(number):
            return cls(kind, int(number))
        return cls(text, 0)


class RecordedEvent(NamedTuple):
    """An event in the log.

    position: its place among all events, from 1, without gaps. version: its place in its stream,
    from 1. type: its stored name. at: the time it was recorded, as `stamp` writes it. data: its
    JSON. by: the id of the actor; None for an event that was stored without one. cause: the
    position of the event that led to this one; None for an event that a command led to. trace: the
    traceparent of the request that led to it; None while requests were not traced.
    """

    position: int
    stream: Stream
    version: int
    type: str
    at: str
    event: Event | UnreadableEvent
    data: bytes
    by: str | None = None
    cause: int | None = None
    trace: str | None = None


class Append(Struct, frozen=True):
    """Events for one stream, decided on its first `version` events.

    number: None begins a new stream, with the next number of its kind. events: may be empty; then
    the stream must still be at that version, because the decision depends on it. cause: the
    position of the event that led to these; None if a command did.
    """

    kind: str
    number: int | None
    version: int
    events: Sequence[Event]
    cause: int | None = None


class IdempotencyKey(Struct, frozen=True):
    """An idempotency key. contents: the command that it stands for, as text."""

    key: str
    contents: str


class Customer(Struct, frozen=True):
    """A customer: the opaque id in events, and the name that it stands for."""

    id: str
    name: str


class Actor(Struct, frozen=True):
    """The actor of a transaction, who is named in each of its events by an opaque id.

    name: looked up, and stored with the id if it has none yet. None takes the id as it is: that of
    an actor who is stored already, or of a part of airbook, whose id is a word without a name.
    """

    id: str
    name: str | None = None


DAEMON = Actor("daemon")


class ParkedReservation(Struct, frozen=True):
    """A reservation that the approver could not settle.

    position: of the event that asked for a decision. error: why the decision failed. at: when it
    failed, as `stamp` writes it. retry: the approver is asked to try again. dropped: the
    reservation stays undecided.
    """

    reservation: int
    position: int
    error: str
    at: str
    retry: bool = False
    dropped: bool = False


class Checkpoint(Struct, frozen=True):
    """The position up to which a subscriber has processed the log.

    include_own: if the events of the same transaction directly follow that position, the checkpoint
    moves past them, because the subscriber has appended them itself.
    """

    subscriber: str
    position: int
    include_own: bool = False


class Transaction(Struct, frozen=True, kw_only=True):
    """A transaction: all of it is stored in one commit, or nothing.

    at: the time, UTC. customer: a new customer. checkpoint: moves forward in the same commit.
    parked: reservations to park. settled: reservations that are no longer parked. actor: new or
    stored already; None stores events without one. trace: the traceparent of the request.
    """

    at: datetime
    appends: Sequence[Append] = ()
    key: IdempotencyKey | None = None
    customer: Customer | None = None
    checkpoint: Checkpoint | None = None
    parked: Sequence[ParkedReservation] = ()
    settled: Sequence[int] = ()
    actor: Actor | None = None
    trace: str | None = None


class Receipt(Struct, frozen=True):
    """The confirmation that a transaction is stored.

    number: of the last stream that it appended to. position: of its last event; 0 if it has none.
    repeated: an earlier transaction was stored under the same idempotency key, and this is its
    receipt.
    """

    number: int
    position: int
    repeated: bool = False


class Conflict(Exception):
    """Another writer appended first: load the stream and decide again."""


class Fenced(Conflict):
    """Another process has moved the checkpoint."""


TransactionResult = Receipt | Conflict | Refused
