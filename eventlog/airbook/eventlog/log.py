"""The append-only log: every event, in order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from airbook.domain.decider import DECIDERS, Event, State
from airbook.eventlog.codec import CODEC, MAX_POSITION, UNKNOWN_TIME, Codec, UnreadableEvent
from airbook.eventlog.reads import Digests
from airbook.eventlog.recorder import (
    CommitObserver,
    Diagnostics,
    Listener,
    Recorder,
    Registry,
)
from airbook.eventlog.records import (
    Receipt,
    RecordedEvent,
    Stream,
    Transaction,
    TransactionResult,
)
from airbook.eventlog.rows import EventRow, Rows

if TYPE_CHECKING:
    from eventsourcing.persistence import Notification

    from airbook.eventlog.selection import Selection, SortOrder

BATCH = 500


class Log:
    """Appends and reads events.

    registry: numbers, idempotency keys, customers, actors, checkpoints and parked
    reservations. digests: what the commits left to check them by. diagnostics: the state of the
    store.
    """

    def __init__(self, recorder: Recorder, codec: Codec = CODEC) -> None:
        """recorder: the store of the log."""
        self._recorder = recorder
        self._reads = recorder.reads
        self._observer: CommitObserver | None = None
        self._counted: tuple[Selection, int] | None = None
        self.codec = codec
        self.registry: Registry = recorder.registry
        self.digests: Digests = recorder.digests
        self.diagnostics: Diagnostics = recorder.diagnostics

    @property
    def identity(self) -> str:
        """Return the id of this log; no other log has it."""
        return self._recorder.identity

    def append(self, transaction: Transaction) -> Receipt:
        """Store a transaction and wake the subscribers.

        Raises Conflict if a stream has grown since it was loaded or the name of a new customer is
        taken, Fenced if the checkpoint was moved, Refused (key_reused) and StoreError.
        """
        result = self.append_all([transaction])[0]
        if isinstance(result, Exception):
            raise result
        return result

    def append_all(self, transactions: Sequence[Transaction]) -> Sequence[TransactionResult]:
        """Store transactions in one commit; returns a result for each, in order.

        A transaction that is refused or conflicts is left out; the others are stored. Raises
        StoreError.
        """
        if self._observer is None:
            return self._recorder.append(transactions, self.codec)
        begun = time.monotonic()
        results = self._recorder.append(transactions, self.codec)
        self._observer.committed(transactions, results, time.monotonic() - begun)
        return results

    def observe(self, observer: CommitObserver) -> None:
        """Tell an observer of every commit from now on."""
        self._observer = observer
        self._recorder.observe(observer)

    def await_outcomes(self, seconds: float) -> None:
        """Find out for at least so long, from its beginning, whether a commit is stored.

        A later answer of the server is not awaited: the outcome is unknown (store_uncertain).
        """
        self._recorder.await_outcomes(seconds)

    def insert(self, rows: Rows) -> None:
        """Insert rows of another store in one commit. Raises Conflict if other rows exist."""
        self._recorder.insert(rows)

    def after(self, position: int, limit: int = BATCH) -> list[RecordedEvent]:
        """List the events after a position, oldest first, at most `limit`."""
        return [self.decode(row) for row in self._reads.select_rows(position, limit)]

    def rows_after(self, position: int, limit: int) -> list[EventRow]:
        """List events after a position as they are stored, readable or not."""
        return self._reads.select_rows(position, limit)

    def decode(self, row: EventRow) -> RecordedEvent:
        """Return a stored event as it is read; what no commit stores makes it unreadable."""
        position, name, version, topic, state = row
        return self._decoded(position, name, version, topic, state)

    def stream(self, stream: Stream, after: int = 0) -> list[RecordedEvent]:
        """List the events of one stream after a version."""
        return [self._recorded(stored) for stored in self._reads.select_stream(str(stream), after)]

    def at(self, positions: Sequence[int]) -> list[RecordedEvent]:
        """List the events at some positions, oldest first."""
        found = self._reads.select_positions(positions) if positions else ()
        return [self._recorded(stored) for stored in found]

    def count(self, selection: Selection) -> int:
        """Count the selected events; positions have no gaps, so all events need no query.

        Events never change, so only those are read that were added since the same were counted.
        """
        if not selection.clauses:
            return max(0, selection.until - selection.after)
        counted, count = self._counted or (selection.up_to(selection.after), 0)
        if counted.until > selection.until or counted.up_to(selection.until) != selection:
            counted, count = selection.up_to(selection.after), 0
        count += self._reads.count_events(selection.from_end_of(counted))
        self._counted = selection, count
        return count

    def count_before(self, selection: Selection, order: SortOrder, position: int) -> int:
        """Count the selected events that come before the event at a position, in an order."""
        if selection.clauses or order.column != "position":
            return self._reads.count_events_before(selection, order, position)
        first, last = selection.after + 1, selection.until
        before = last - position if order.descending else position - first
        return max(0, min(before, last - first + 1))

    def select(
        self, selection: Selection, order: SortOrder, first: int, limit: int
    ) -> list[RecordedEvent]:
        """List selected events in an order, skipping `first` of them, at most `limit`."""
        if not selection.clauses and order.column == "position":
            selection = selection.window(first, limit, descending=order.descending)
            first = 0
        found = self._reads.select_window(selection, order, first, limit)
        return [self._recorded(stored) for stored in found]

    def load(self, stream: Stream) -> tuple[State, int]:
        """Fold one stream; returns its state and its version (0: the stream does not exist).

        Raises UnreadableStream if one of its events cannot be read.
        """
        events = self.stream(stream)
        version = events[-1].version if events else 0
        return DECIDERS[stream.kind].fold(readable(events)), version

    def head(self) -> int:
        """Return the position of the last event; 0 if the log is empty."""
        return self._reads.max_notification_id() or 0

    def digest_at(self, position: int) -> str:
        """Return the digest of the commit that stored the event at a position, in hexadecimal.

        Two logs with the same digest have the same events up to that commit; so a view, a copy or a
        relay that keeps the digest at its position can tell whether it still follows the same log.
        Returns "" for position 0, if no digest covers the position, and for a position that no
        store can hold; a message on a topic can name one.
        """
        found = self.digests.covering(position) if 0 < position <= MAX_POSITION else None
        return found.digest.hex() if found else ""

    def checkpoint(self, subscriber: str) -> int:
        """Return the checkpoint of a subscriber; 0 if it has none."""
        return self.registry.checkpoints().get(subscriber, 0)

    def retry(self, reservation: int) -> bool:
        """Ask for a retry of a parked reservation; return False if it is not parked."""
        is_parked = self.registry.mark_parked(reservation, retry=True, dropped=False)
        self._recorder.notifier.wake()
        return is_parked

    def drop(self, reservation: int) -> bool:
        """Leave a parked reservation undecided; return False if it is not parked."""
        return self.registry.mark_parked(reservation, retry=False, dropped=True)

    def listener(self) -> AbstractContextManager[Listener]:
        """Listen for new events; `subscription` is the only caller."""
        return self._recorder.notifier.listener()

    def note_written(self, pages: int) -> None:
        """Note that about so many pages were written by other processes."""
        self._recorder.note_written(pages)

    def close(self) -> None:
        """Close every connection of the store."""
        self._recorder.close()

    def _recorded(self, stored: Notification) -> RecordedEvent:
        name, version = stored.originator_id, stored.originator_version
        return self._decoded(stored.id, name, version, stored.topic, stored.state)

    def _decoded(
        self, position: int, stream_name: object, version: object, topic: object, state: object
    ) -> RecordedEvent:
        if not (isinstance(topic, str) and isinstance(state, bytes) and isinstance(version, int)):
            return self._damaged(position, stream_name, version, topic)
        name, at, data, event, by, cause, trace = self.codec.decode(topic, state)
        stream = Stream.parse(str(stream_name))
        decider = DECIDERS.get(stream.kind)
        if decider is None or not isinstance(event, decider.events):
            unreadable = isinstance(event, UnreadableEvent)
            event = event if unreadable else UnreadableEvent(f"{name} is no event of {stream}")
        return RecordedEvent(position, stream, version, name, at, event, data, by, cause, trace)

    def _damaged(
        self, position: int, stream_name: object, version: object, topic: object
    ) -> RecordedEvent:
        """Return the event of a row that holds what the columns of its table cannot hold."""
        stream = Stream.parse(str(stream_name))
        version = version if isinstance(version, int) else 0
        event = UnreadableEvent("a column of its row is empty, or of another type")
        name = str(topic).partition(".")[0]
        return RecordedEvent(position, stream, version, name, UNKNOWN_TIME, event, b"null")


class UnreadableStream(Exception):
    """A stream cannot be folded because one of its events cannot be read."""


def readable(events: Iterable[RecordedEvent]) -> Iterator[Event]:
    """Yield the events of recorded events; raises UnreadableStream at an unreadable one."""
    for recorded in events:
        if isinstance(recorded.event, UnreadableEvent):
            place = f"{recorded.stream} version {recorded.version} ({recorded.type})"
            msg = f"{place}: {recorded.event.error}"
            raise UnreadableStream(msg)
        yield recorded.event
