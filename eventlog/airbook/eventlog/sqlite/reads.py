"""Events in the log's file: counted, and read a window at a time."""

from __future__ import annotations

from collections.abc import Sequence

from eventsourcing.persistence import Notification
from eventsourcing.sqlite import SQLiteProcessRecorder

from airbook.eventlog.recorder import Selection
from airbook.eventlog.sqlite.connection import LogDatastore


class SQLiteReads(SQLiteProcessRecorder):
    """The library's table of events, read in either order."""

    datastore: LogDatastore

    def count_events(self, selection: Selection) -> int:
        """Count the events that are meant."""
        where, values = condition(selection)
        with self.datastore.transaction(commit=False) as c:
            c.execute(f"SELECT count(*) FROM stored_events WHERE {where}", values)  # noqa: S608 -- our own words
            return int(c.fetchone()[0])

    def select_window(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool
    ) -> Sequence[Notification]:
        """List the events that are meant, by position, leaving out the first so many."""
        where, values = condition(selection)
        # The events of a stream are in the order of its versions: its index has them so.
        column = "rowid" if selection.stream is None else "originator_version"
        order = f"{column} {'DESC' if newest_first else 'ASC'}"
        query = (
            "SELECT rowid, originator_id, originator_version, topic, state"  # noqa: S608 -- too
            f" FROM stored_events WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
        )
        with self.datastore.transaction(commit=False) as c:
            c.execute(query, (*values, limit, first))
            return [
                Notification(stream, version, topic, state, position)
                for position, stream, version, topic, state in c.fetchall()
            ]


def condition(selection: Selection) -> tuple[str, list[int | str]]:
    """Write what selects the events that are meant, and the values it asks for."""
    where = "rowid > ? AND rowid <= ?"
    values: list[int | str] = [selection.after, selection.until]
    if selection.stream is not None:
        where = "+rowid > ? AND +rowid <= ? AND originator_id = ?"  # by the index of streams
        values.append(selection.stream)
    if selection.types:
        each = " OR ".join(["topic >= ? AND topic < ?"] * len(selection.types))
        where += f" AND ({each})"  # / is what comes behind a full stop
        values += [bound for name in selection.types for bound in (f"{name}.", f"{name}/")]
    return where, values
