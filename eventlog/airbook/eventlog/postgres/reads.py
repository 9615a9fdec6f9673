"""Stored events on PostgreSQL: the eventsourcing library's reads, and windows on selected ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from eventsourcing.persistence import Notification
from eventsourcing.postgres import PostgresProcessRecorder

from airbook.eventlog.postgres.errors import retry_interrupted
from airbook.eventlog.postgres.pool import LogDatastore
from airbook.eventlog.rows import EventRow
from airbook.eventlog.sql import Values

if TYPE_CHECKING:
    from airbook.eventlog.selection import Selection, SortOrder
    from airbook.eventlog.selection_sql import EventQueries

SELECT = (
    "SELECT notification_id, originator_id, originator_version, topic, state"
    " FROM airbook.stored_events"
)
SELECT_ROWS = f"{SELECT} WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
SELECT_STREAM = (
    f"{SELECT} WHERE originator_id = %s AND originator_version > %s ORDER BY originator_version"
)
SELECT_POSITIONS = f"{SELECT} WHERE notification_id = ANY(%s) ORDER BY notification_id"


class PostgresReads(PostgresProcessRecorder):
    """Reads the library's table of events; an interrupted read is tried again."""

    datastore: LogDatastore

    def __init__(self, datastore: LogDatastore) -> None:
        super().__init__(datastore)

    def max_notification_id(self) -> int | None:
        """Return the last position."""
        read: Callable[[], int | None] = super().max_notification_id
        return retry_interrupted(read)

    def select_rows(self, position: int, limit: int) -> list[EventRow]:
        """List the events after a position as they are stored."""
        return list(map(EventRow._make, self.datastore.read(SELECT_ROWS, position, limit)))

    def select_stream(self, stream: str, after: int) -> Sequence[Notification]:
        """List the events of a stream after a version."""
        return notifications(self.datastore.read(SELECT_STREAM, stream, after))

    def select_positions(self, positions: Sequence[int]) -> Sequence[Notification]:
        """List the events at some positions, oldest first."""
        return notifications(self.datastore.read(SELECT_POSITIONS, list(positions)))

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
    from airbook.eventlog.postgres.selecting import QUERIES

    return QUERIES
