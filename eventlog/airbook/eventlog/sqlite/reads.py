"""Stored events in SQLite: the eventsourcing library's reads, and windows on selected events."""

from __future__ import annotations

from collections.abc import Sequence

from eventsourcing.persistence import Notification
from eventsourcing.sqlite import SQLiteCursor, SQLiteProcessRecorder

from airbook.eventlog.recorder import Selection
from airbook.eventlog.sqlite.connection import LogDatastore


class SQLiteReads(SQLiteProcessRecorder):
    """Reads the library's table of events."""

    datastore: LogDatastore

    def __init__(self, datastore: LogDatastore) -> None:
        super().__init__(datastore)

    def create_librarys_tables(self, c: SQLiteCursor) -> None:
        """Create the library's tables of events and checkpoints."""
        self._create_table(c)

    def count_events(self, selection: Selection) -> int:
        """Count the selected events."""
        where, values = condition(selection)
        query = f"SELECT count(*) FROM stored_events WHERE {where}"  # noqa: S608 -- our own words
        return int(self.datastore.read(query, *values)[0][0])

    def select_window(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool
    ) -> Sequence[Notification]:
        """List selected events by position, skipping `first` of them."""
        where, values = condition(selection)
        # Within a stream, versions are in the order of positions, and the stream's index has them.
        column = "rowid" if selection.stream is None else "originator_version"
        order = f"{column} {'DESC' if newest_first else 'ASC'}"
        query = (
            "SELECT rowid, originator_id, originator_version, topic, state"  # noqa: S608 -- too
            f" FROM stored_events WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
        )
        return [
            Notification(stream, version, topic, state, position)
            for position, stream, version, topic, state in self.datastore.read(
                query, *values, limit, first
            )
        ]


def condition(selection: Selection) -> tuple[str, list[int | str]]:
    """Write the condition of a selection, and the values of its parameters."""
    where = "rowid > ? AND rowid <= ?"
    values: list[int | str] = [selection.after, selection.until]
    if selection.stream is not None:
        where = "+rowid > ? AND +rowid <= ? AND originator_id = ?"  # + forces the stream's index
        values.append(selection.stream)
    if selection.types:
        each = " OR ".join(["topic >= ? AND topic < ?"] * len(selection.types))
        where += f" AND ({each})"  # "/" is the character after "."
        values += [bound for name in selection.types for bound in (f"{name}.", f"{name}/")]
    return where, values
