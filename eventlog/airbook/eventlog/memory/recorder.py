"""The log in memory."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from threading import Lock

from eventsourcing.persistence import Notification

from airbook.eventlog.append import finished, lookup_for, plan
from airbook.eventlog.codec import Codec
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.memory.digests import MemoryDigests
from airbook.eventlog.memory.notification import MemoryNotifier
from airbook.eventlog.memory.registry import MemoryRegistry
from airbook.eventlog.memory.selecting import is_selected, key_of
from airbook.eventlog.recorder import CommitObserver
from airbook.eventlog.records import Conflict, Transaction, TransactionResult
from airbook.eventlog.rows import EventRow, Rows
from airbook.eventlog.selection import Selection, SortOrder


class MemoryRecorder:
    """The store of a log in memory; it plans each commit as every other store does."""

    def __init__(self) -> None:
        self.identity = os.urandom(8).hex()
        self._lock = Lock()
        self.registry = MemoryRegistry(self._lock)
        self.digests = MemoryDigests()
        self.notifier = MemoryNotifier()
        self.reads = MemoryReads()
        self.diagnostics = MemoryDiagnostics(self.reads)

    def append(
        self, transactions: Sequence[Transaction], codec: Codec
    ) -> Sequence[TransactionResult]:
        """Store transactions in one commit; returns a result for each, in order."""
        lookup = lookup_for(transactions)
        with self._lock:
            versions = {stream: self.reads.version(stream) for stream in lookup.streams}
            looked_up = self.registry.look_up(lookup, len(self.reads.events), versions)
            looked_up.digest = self.digests.last()
            rows, results = plan(transactions, finished(looked_up, "memory"), codec)
            try:
                self._insert(rows)
            except Conflict:  # rows of a program that does not look up first
                return [Conflict() for _ in transactions]
        return results

    def insert(self, rows: Rows) -> None:
        """Insert rows of another store in one commit. Raises Conflict if other rows exist."""
        with self._lock:
            self._insert(rows)

    def _insert(self, rows: Rows) -> None:
        events = list(map(EventRow._make, rows.events))
        self.reads.check_free(events)
        self.registry.check_free(rows)
        self.reads.insert(events)
        self.registry.insert(rows)
        self.digests.rows += rows.digests
        if rows.events:
            self.notifier.wake()

    def note_written(self, pages: int) -> None:
        """Do nothing: there is no write-ahead log."""

    def observe(self, observer: CommitObserver) -> None:
        """Do nothing: there is no disk."""

    def await_outcomes(self, seconds: float) -> None:
        """Do nothing: there is no server."""

    def close(self) -> None:
        """Do nothing: there is no connection."""


class MemoryReads:
    """Keeps stored events in a list, and in a list for each stream."""

    def __init__(self) -> None:
        self.events: list[EventRow] = []
        self._streams: dict[str, list[EventRow]] = {}

    def version(self, stream: str) -> int:
        """Return the version of a stream; 0 if it does not exist."""
        events = self._streams.get(stream)
        return events[-1].version if events else 0

    def check_free(self, events: Sequence[EventRow]) -> None:
        """Raise Conflict unless events follow the log, and the last version of each stream."""
        versions: dict[str, int] = {}
        for position, event in enumerate(events, len(self.events) + 1):
            last = versions.get(event.stream, self.version(event.stream))
            if event.position != position or event.version <= last:
                raise Conflict
            versions[event.stream] = event.version

    def insert(self, events: Sequence[EventRow]) -> None:
        """Append events."""
        for event in events:
            self._streams.setdefault(event.stream, []).append(event)
        self.events += events

    def max_notification_id(self) -> int | None:
        """Return the last position."""
        return len(self.events) or None

    def select_rows(self, position: int, limit: int) -> list[EventRow]:
        """List the events after a position as they are stored."""
        return self.events[position : position + limit]

    def select_stream(self, stream: str, after: int) -> Sequence[Notification]:
        """List the events of a stream after a version, with their positions."""
        events = self._streams.get(stream, [])
        first = bisect_right(events, after, key=lambda event: event.version)
        return [stored(event) for event in events[first:]]

    def select_positions(self, positions: Sequence[int]) -> Sequence[Notification]:
        """List the events at some positions, oldest first."""
        last = len(self.events)
        return [stored(self.events[one - 1]) for one in sorted(positions) if 0 < one <= last]

    def count_events(self, selection: Selection) -> int:
        """Count the selected events."""
        return len(self._selected(selection))

    def count_events_before(self, selection: Selection, order: SortOrder, position: int) -> int:
        """Count the selected events that come before the event at a position, in an order."""
        key = key_of(self.events[position - 1], order)
        found = [key_of(event, order) for event in self._selected(selection)]
        return sum(one > key if order.descending else one < key for one in found)

    def select_window(
        self, selection: Selection, order: SortOrder, first: int, limit: int
    ) -> Sequence[Notification]:
        """List selected events in an order, skipping `first` of them."""
        found = sorted(
            self._selected(selection),
            key=lambda event: key_of(event, order),
            reverse=order.descending,
        )
        return [stored(event) for event in found[first : first + limit]]

    def _selected(self, selection: Selection) -> Sequence[EventRow]:
        events = self.events[max(0, selection.after) : max(0, selection.until)]
        return [event for event in events if is_selected(event, selection)]


class MemoryDiagnostics:
    """Describes the state of a log in memory, which only its own process sees."""

    def __init__(self, reads: MemoryReads) -> None:
        self._reads = reads

    def describe(self) -> tuple[str, int]:
        """Return a name for the database, and the size of the stored events in bytes."""
        return "memory", sum(len(event.state) for event in self._reads.events)

    def disk(self) -> None:
        """Return nothing: the log is on no disk."""

    def complaints(self) -> Sequence[str]:
        """Return nothing: memory cannot be damaged."""
        return []

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return nothing: a daemon in another process cannot use this log."""
        return {}

    def strays(self) -> Mapping[str, Heartbeat]:
        """Return nothing: no daemon in another process can use this log."""
        return {}

    def check_is_there(self) -> None:
        """Do nothing: memory lasts as long as its process."""


def stored(event: EventRow) -> Notification:
    """Return a stored event in the eventsourcing library's form."""
    return Notification(event.stream, event.version, event.topic, event.state, event.position)
