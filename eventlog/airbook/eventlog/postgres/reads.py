"""Stored events on PostgreSQL: the eventsourcing library's reads, and windows on selected ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresProcessRecorder

from airbook.eventlog.postgres.errors import retry_interrupted
from airbook.eventlog.postgres.pool import LogDatastore
from airbook.eventlog.recorder import Selection


class PostgresReads(PostgresProcessRecorder):
    """Reads the library's table of events; an interrupted read is tried again."""

    datastore: LogDatastore

    def __init__(self, datastore: LogDatastore) -> None:
        super().__init__(datastore)

    def select_events(self, *values: Any, **options: Any) -> Sequence[StoredEvent]:  # noqa: ANN401 -- the library's
        """List the events of a stream after a version."""
        return retry_interrupted(partial(super().select_events, *values, **options))

    def select_notifications(self, *values: Any, **options: Any) -> Sequence[Notification]:  # noqa: ANN401 -- too
        """List events after a position."""
        return retry_interrupted(partial(super().select_notifications, *values, **options))

    def max_notification_id(self) -> int | None:
        """Return the last position."""
        read: Callable[[], int | None] = super().max_notification_id
        return retry_interrupted(read)

    def count_events(self, selection: Selection) -> int:
        """Count the selected events."""
        where, values = condition(selection)
        query = f"SELECT count(*) FROM airbook.stored_events WHERE {where}"  # noqa: S608 -- our own words
        return int(self.datastore.read(query, *values)[0][0])

    def select_window(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool
    ) -> Sequence[Notification]:
        """List selected events by position, skipping `first` of them."""
        where, values = condition(selection)
        # Within a stream, versions are in the order of positions, and the stream's index has them.
        column = "notification_id" if selection.stream is None else "originator_version"
        order = f"{column} DESC" if newest_first else column
        query = (
            "SELECT originator_id, originator_version, topic, state, notification_id"  # noqa: S608 -- too
            f" FROM airbook.stored_events WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
        )
        rows = self.datastore.read(query, *values, limit, first)
        return [
            Notification(stream, version, topic, state, position)
            for stream, version, topic, state, position in rows
        ]


def condition(selection: Selection) -> tuple[str, list[object]]:
    """Write the condition of a selection, and the values of its parameters."""
    where = "notification_id > %s AND notification_id <= %s"
    values: list[object] = [selection.after, selection.until]
    if selection.stream is not None:
        where += " AND originator_id = %s"
        values.append(selection.stream)
    if selection.types:
        where += " AND split_part(topic, '.', 1) = ANY(%s)"
        values.append(list(selection.types))
    return where, values
