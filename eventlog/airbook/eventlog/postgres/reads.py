"""Events on PostgreSQL: the library's reads, again where they are interrupted, and our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, LiteralString, TypeVar

from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresProcessRecorder
from psycopg import Connection
from psycopg.rows import DictRow

from airbook.eventlog.postgres.connection import Server
from airbook.eventlog.postgres.errors import patiently
from airbook.eventlog.postgres.pool import Connections
from airbook.eventlog.recorder import Selection

Result = TypeVar("Result")


class PostgresReads(PostgresProcessRecorder):
    """The library's table of events, read in either order."""

    datastore: Connections

    def __init__(self, server: Server) -> None:
        super().__init__(Connections(server))
        self.server = server

    def lend(self, work: Callable[[Connection[DictRow]], Result]) -> Result:
        """Do something with a connection, again where it is interrupted. Raises StoreError."""

        def once() -> Result:
            with self.datastore.get_connection() as connection:
                return work(connection)

        return patiently(once)

    def _all(self, query: LiteralString, *values: Any) -> list[DictRow]:  # noqa: ANN401 -- the driver's
        return self.lend(lambda connection: connection.execute(query, values).fetchall())

    def select_events(self, *values: Any, **options: Any) -> Sequence[StoredEvent]:  # noqa: ANN401 -- the library's
        """List the events of a stream behind a version."""
        return patiently(partial(super().select_events, *values, **options))

    def select_notifications(self, *values: Any, **options: Any) -> Sequence[Notification]:  # noqa: ANN401
        """List events behind a position."""
        return patiently(partial(super().select_notifications, *values, **options))

    def max_notification_id(self) -> int | None:
        """Tell the last position."""
        read: Callable[[], int | None] = super().max_notification_id
        return patiently(read)

    def count_events(self, selection: Selection) -> int:
        """Count the events that are meant."""
        where, values = condition(selection)
        query: LiteralString = "SELECT count(*) AS events FROM airbook.stored_events WHERE "
        return int(self._all(query + where, *values)[0]["events"])

    def select_window(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool
    ) -> Sequence[Notification]:
        """List the events that are meant, by position, leaving out the first so many."""
        where, values = condition(selection)
        # The events of a stream are in the order of its versions: its index has them so.
        column: LiteralString = (
            "notification_id" if selection.stream is None else "originator_version"
        )
        order: LiteralString = f"{column} DESC" if newest_first else column
        query: LiteralString = (
            "SELECT notification_id AS id, originator_id, originator_version, topic, state"  # noqa: S608
            f" FROM airbook.stored_events WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
        )
        return [Notification(**row) for row in self._all(query, *values, limit, first)]


def condition(selection: Selection) -> tuple[LiteralString, list[object]]:
    """Write what selects the events that are meant, and the values it asks for."""
    where: LiteralString = "notification_id > %s AND notification_id <= %s"
    values: list[object] = [selection.after, selection.until]
    if selection.stream is not None:
        where += " AND originator_id = %s"
        values.append(selection.stream)
    if selection.types:
        where += " AND split_part(topic, '.', 1) = ANY(%s)"
        values.append(list(selection.types))
    return where, values
