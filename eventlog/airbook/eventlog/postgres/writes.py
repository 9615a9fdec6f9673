"""The lookups and writes of one commit on PostgreSQL, in two round trips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, Cursor
from psycopg.rows import DictRow, TupleRow, tuple_row

from airbook.eventlog.postgres.schema import WRITING
from airbook.eventlog.rows import Lookup, LookupResult, Rows
from airbook.eventlog.sql import Dialect, Statements, lookup_result

# Every writer holds this lock until its transaction ends: positions are in the order of commits.
LOCK = b"SELECT pg_advisory_xact_lock(%d, %d)" % WRITING
TRANSACTION_ID = "SELECT pg_current_xact_id()::text"
INSERT_EVENTS = (
    "INSERT INTO airbook.stored_events"
    " (notification_id, originator_id, originator_version, topic, state) SELECT * FROM"
    " unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %b::bytea[])"
)
# No index finds the rows of a transaction, so that only the end of the log is searched.
WRITTEN = """
    SELECT notification_id, originator_id, originator_version, topic, state
    FROM airbook.stored_events
    WHERE xmin = %s::xid8::xid AND notification_id
        > (SELECT max(notification_id) FROM airbook.stored_events) - 100000
    ORDER BY notification_id
"""
CHECKPOINTS_WRITTEN = """
    SELECT application_name, notification_id FROM airbook.notification_tracking
    WHERE xmin = %s::xid8::xid
"""
STATEMENTS = Statements(
    Dialect(
        schema="airbook.",
        parameter="%s",
        among="= ANY(%s)",
        each="unnest(%s::text[]) AS listed(value)",
        array=list,
        position="notification_id",
        checkpoints="notification_tracking",
        binary=' COLLATE "C"',
        greatest="greatest",
        find="strpos",
    )
)


def execute(connection: Connection[DictRow], statement: str, *values: object) -> Cursor[TupleRow]:
    """Send a query; in a pipeline, only reading the rows waits for the answer."""
    return connection.cursor(row_factory=tuple_row).execute(statement.encode(), values)


def look_up(connection: Connection[DictRow], lookup: Lookup) -> tuple[LookupResult, str]:
    """Execute a lookup; returns its result and the id of the transaction."""
    transaction = execute(connection, TRANSACTION_ID)
    sent = {
        place: execute(connection, statement, *values)
        for place, statement, values in STATEMENTS.lookups(lookup)
    }
    result = lookup_result({place: cursor.fetchall() for place, cursor in sent.items()})
    return result, str(transaction.fetchall()[0][0])


def insert(connection: Connection[DictRow], rows: Rows) -> None:
    """Insert rows, table by table, and notify the listeners when they are committed."""
    if rows.events:
        columns = [list(column) for column in zip(*rows.events, strict=True)]
        connection.execute(INSERT_EVENTS, columns)
        connection.execute("NOTIFY airbook")
    for statement, values in STATEMENTS.inserts(rows):
        if len(values) == 1:
            execute(connection, statement, *values[0])  # executemany would wait for its answers
        else:
            connection.cursor().executemany(statement.encode(), values)


def is_written(connection: Connection[DictRow], rows: Rows, transaction: str) -> bool:
    """Return whether a transaction has written these rows.

    transaction: its id, which a server may use again after a crash. Returns False for rows that
    can be written twice without harm: numbers alone, and parked reservations.
    """
    if rows.events:
        return written(connection, transaction) == rows.events
    if rows.keys:
        found = execute(connection, STATEMENTS.keys, [rows.keys[0].key]).fetchone()
        return found == rows.keys[0]
    for people, statements in (
        (rows.customers, STATEMENTS.customers),
        (rows.actors, STATEMENTS.actors),
    ):
        if people:
            found = execute(connection, statements.ids, [people[0].name]).fetchone()
            return found == (people[0].name, people[0].id)
    if rows.checkpoints:  # written twice, they would look as if another process had moved them
        found_all: Sequence[Any] = execute(connection, CHECKPOINTS_WRITTEN, transaction).fetchall()
        return dict(found_all) == rows.checkpoints
    if rows.digests:
        last = rows.digests[-1]
        after = STATEMENTS.digests_after
        return execute(connection, after, last.position, last.number - 1, 1).fetchone() == last
    return False


def written(connection: Connection[DictRow], transaction: str) -> Sequence[Any]:
    """List the events that a transaction appended, as rows."""
    return execute(connection, WRITTEN, transaction).fetchall()
