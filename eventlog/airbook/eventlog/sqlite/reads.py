"""Stored events in SQLite: the eventsourcing library's reads, and windows on selected events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eventsourcing.persistence import Notification
from eventsourcing.sqlite import SQLiteCursor, SQLiteProcessRecorder
from msgspec import json

from airbook.eventlog.rows import EventRow
from airbook.eventlog.sql import Values
from airbook.eventlog.sqlite.connection import LogDatastore

if TYPE_CHECKING:
    from airbook.eventlog.selection import Selection, SortOrder
    from airbook.eventlog.selection_sql import EventQueries

SELECT = "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
SELECT_ROWS = f"{SELECT} WHERE rowid > ? ORDER BY rowid LIMIT ?"
SELECT_STREAM = (
    f"{SELECT} WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version"
)
SELECT_POSITIONS = f"{SELECT} WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608 -- no value is in it


class SQLiteReads(SQLiteProcessRecorder):
    """Reads the library's table of events."""

    datastore: LogDatastore

    def __init__(self, datastore: LogDatastore) -> None:
        super().__init__(datastore)

    def create_librarys_tables(self, c: SQLiteCursor) -> None:
        """Create the library's tables of events and checkpoints."""
        self._create_table(c)

    def select_rows(self, position: int, limit: int) -> list[EventRow]:
        """List the events after a position as they are stored."""
        return list(map(EventRow._make, self.datastore.read(SELECT_ROWS, position, limit)))

    def select_stream(self, stream: str, after: int) -> Sequence[Notification]:
        """List the events of a stream after a version."""
        return notifications(self.datastore.read(SELECT_STREAM, stream, after))

    def select_positions(self, positions: Sequence[int]) -> Sequence[Notification]:
        """List the events at some positions, oldest first."""
        return notifications(self.datastore.read(SELECT_POSITIONS, json.encode(positions).decode()))

    def count_events(self, selection: Selection) -> int:
        """Count the selected events."""
        query, values = queries().count(selection)
        return int(self.datastore.read(query, *values)[0][0])

    def count_events_before(self, selection: Selection, order: SortOrder, position: int) -> int:
        """Count the selected events that come before the event at a position, in an order."""
        query, values = queries().count_before(selection, order, position)
        return int(self.datastore.read(query, *values)[0][0])

    def select_window(
        self, selection: Selection, order: SortOrder, first: int, limit: int
    ) -> Sequence[Notification]:
        """List selected events in an order, skipping `first` of them."""
        query, values = queries().select(selection, order, first, limit)
        return notifications(self.datastore.read(query, *values))


def notifications(rows: Sequence[Values]) -> Sequence[Notification]:
    """Turn rows into stored events in the eventsourcing library's form."""
    return [
        Notification(stream, version, topic, state, position)
        for position, stream, version, topic, state in rows
    ]


def queries() -> EventQueries:
    """Return the queries for selected events; most commands do not load them."""
    from airbook.eventlog.sqlite.selecting import QUERIES

    return QUERIES
