"""The append-only log: every fact, in order, and what is kept in the same commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from eventsourcing.persistence import Notification, StoredEvent
from msgspec import Struct

from airbook.domain.nouns import NOUNS, Fact, Kind, State, Stream
from airbook.domain.vocabulary import VOCABULARY, Unreadable, Vocabulary
from airbook.domain.wakeup import wake

BATCH = 500


class Event(NamedTuple):
    """A fact in the log.

    position: its place among all facts, from 1, without gaps. version: its place in its stream,
    from 1. type: its stored name. at: when it was recorded, as `stamp` writes it. contents: its
    JSON.
    """

    position: int
    stream: Stream
    version: int
    type: str
    at: str
    fact: Fact | Unreadable
    contents: bytes


class Append(Struct, frozen=True):
    """Facts for one stream, decided on its first `version` facts; number None makes a new one."""

    kind: Kind
    number: int | None
    version: int
    facts: Sequence[Fact]


class Key(Struct, frozen=True):
    """An idempotency key and what it was used for."""

    key: str
    contents: str


class Customer(Struct, frozen=True):
    """Who an opaque id stands for."""

    id: str
    name: str


class Parked(Struct, frozen=True):
    """A reservation the approver could not settle: the fact it stopped at, and why.

    again: it was asked to be tried once more. dropped: nobody wants it tried again.
    """

    reservation: int
    position: int
    error: str
    at: str
    again: bool = False
    dropped: bool = False


class Tracked(Struct, frozen=True):
    """How far a follower named `name` has come."""

    name: str
    position: int


class Change(Struct, frozen=True, kw_only=True):
    """What goes into the log in one commit, all of it or none.

    at: when, UTC. customer: one not known before. tracked: a position to move forward to. parked:
    to put aside. settled: reservations no longer put aside.
    """

    at: datetime
    appends: Sequence[Append] = ()
    key: Key | None = None
    customer: Customer | None = None
    tracked: Tracked | None = None
    parked: Sequence[Parked] = ()
    settled: Sequence[int] = ()


class Receipt(Struct, frozen=True):
    """A command was accepted: the number of what it was about, and its last fact's position.

    repeated: it had been accepted before, under the same key.
    """

    number: int
    position: int
    repeated: bool = False


class Conflict(Exception):
    """Somebody else wrote first: load, decide again."""


class Fenced(Conflict):
    """Somebody else has moved a tracked position on."""


class Recorder(Protocol):
    """What a database must offer to hold the log; the reads are the eventsourcing library's."""

    @property
    def identity(self) -> str:
        """Tell this log from every other."""
        ...

    def commit(self, change: Change, vocabulary: Vocabulary) -> Receipt:
        """Append in one transaction; see Log.commit."""
        ...

    def select_events(self, originator_id: str, *, gt: int | None) -> Sequence[StoredEvent]:
        """List the facts of a stream behind a version."""
        ...

    def select_notifications(
        self, start: int | None, limit: int, *, inclusive_of_start: bool
    ) -> Sequence[Notification]:
        """List facts behind a position."""
        ...

    def max_notification_id(self) -> int | None:
        """Tell the last position."""
        ...

    def max_tracking_id(self, application_name: str) -> int | None:
        """Tell how far a follower has come."""
        ...

    def complaints(self) -> Sequence[str]:
        """List what is wrong with the database itself."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """Tell the last number given to each kind."""
        ...

    def customer_id(self, name: str) -> str | None:
        """Find the id a customer's name stands under."""
        ...

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Find the names of customers that are not forgotten."""
        ...

    def parked(self) -> Sequence[Parked]:
        """List what is put aside."""
        ...

    def checkpoint(self, pages: int) -> None:
        """Say that about so many pages were written, here or elsewhere."""
        ...

    def change_parked(self, reservation: int, *, again: bool, dropped: bool) -> bool:
        """Ask for another try, or for none; False if it is not put aside."""
        ...


class Log:
    """Reads and appends facts; follows nothing and decides nothing."""

    def __init__(
        self, recorder: Recorder, folder: Path, vocabulary: Vocabulary = VOCABULARY
    ) -> None:
        """recorder: where facts are kept. folder: where those who want to be woken leave a pipe."""
        self.recorder = recorder
        self.folder = folder
        self.vocabulary = vocabulary

    @property
    def identity(self) -> str:
        """Tell this log from every other; views made from another are none of this one."""
        return self.recorder.identity

    def commit(self, change: Change) -> Receipt:
        """Append a change and wake the followers.

        Raises Conflict when a stream has grown since it was loaded or a new customer's name is
        taken, Fenced when the tracked position was moved, Refused (key_reused) and StoreError.
        """
        receipt = self.recorder.commit(change, self.vocabulary)
        if not receipt.repeated:
            wake(self.folder)
        return receipt

    def after(self, position: int, limit: int = BATCH) -> list[Event]:
        """List the facts behind a position, oldest first, at most `limit`."""
        found = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return [self._event(stored, stored.id) for stored in found]

    def stream(self, stream: Stream, after: int = 0) -> list[Event]:
        """List the facts of one stream behind a version. Their positions are not looked up (0)."""
        found = self.recorder.select_events(str(stream), gt=after)
        return [self._event(stored, 0) for stored in found]

    def load(self, stream: Stream) -> tuple[State, int]:
        """Fold one stream; returns its state and its version (0: there is no such stream yet).

        Raises UnreadableFact if one of its facts cannot be read.
        """
        events = self.stream(stream)
        return NOUNS[stream.kind].fold(readable(events)), events[-1].version if events else 0

    def head(self) -> int:
        """Tell the position of the last fact; 0 when there is none."""
        return self.recorder.max_notification_id() or 0

    def tracked(self, name: str) -> int:
        """Tell how far a follower has come; 0 when it has not begun."""
        return self.recorder.max_tracking_id(name) or 0

    def retry(self, reservation: int) -> bool:
        """Ask for a parked reservation to be tried again; False if it is not put aside."""
        asked = self.recorder.change_parked(reservation, again=True, dropped=False)
        wake(self.folder)
        return asked

    def drop(self, reservation: int) -> bool:
        """Leave a parked reservation as it is for good; False if it is not put aside."""
        return self.recorder.change_parked(reservation, again=False, dropped=True)

    def _event(self, stored: StoredEvent, position: int) -> Event:
        name, at, contents, fact = self.vocabulary.read(stored.topic, stored.state)
        stream = Stream.parse(str(stored.originator_id))
        return Event(position, stream, stored.originator_version, name, at, fact, contents)


class UnreadableFact(Exception):
    """A stream cannot be folded because one of its facts cannot be read."""


def readable(events: Iterable[Event]) -> Iterator[Fact]:
    """Give the facts of events; raises UnreadableFact at the first that cannot be read."""
    for event in events:
        if isinstance(event.fact, Unreadable):
            msg = f"{event.stream} version {event.version} ({event.type}): {event.fact.error}"
            raise UnreadableFact(msg)
        yield event.fact
