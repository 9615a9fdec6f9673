"""Bringing the tables of schema 1 up to date on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow, tuple_row

from airbook.eventlog.chain import Entry, first_digest
from airbook.eventlog.rows import EventRow

RENAMED = (
    "DROP TRIGGER IF EXISTS facts_never_change ON airbook.stored_events",
    "DROP FUNCTION IF EXISTS airbook.facts_never_change()",
    "ALTER TABLE airbook.commands RENAME TO keys",
    "ALTER TABLE airbook.parked RENAME COLUMN again TO retry",
)
# The roles that read and append events may read and append what is new.
GRANTS = """
    DO $$ DECLARE allowed record; BEGIN
        FOR allowed IN SELECT acl.grantee::regrole AS role, acl.privilege_type AS may
            FROM pg_class, aclexplode(relacl) AS acl
            WHERE pg_class.oid = 'airbook.stored_events'::regclass
                AND acl.grantee NOT IN (0, relowner) AND privilege_type IN ('SELECT', 'INSERT')
        LOOP EXECUTE format('GRANT %s ON airbook.actors, airbook.digests TO %s',
            allowed.may, allowed.role); END LOOP;
    END $$
"""
EVENTS = (
    "SELECT notification_id, originator_id, originator_version, topic, state"
    " FROM airbook.stored_events ORDER BY notification_id"
)
# The name of each table, and the columns that a digest covers.
REGISTRY = {
    "numbers": "SELECT kind, last FROM airbook.numbers",
    "keys": "SELECT key, contents, number, position FROM airbook.keys",
    "customers": "SELECT id FROM airbook.customers",
    "checkpoints": "SELECT application_name, notification_id FROM airbook.notification_tracking",
    "parked": "SELECT reservation, position, error, at FROM airbook.parked",
}
INSERT_DIGEST = "INSERT INTO airbook.digests VALUES (%s, %s, %s, %s)"
ROWS_AT_ONCE = 2_000


def upgrade_from_1(connection: Connection[DictRow], tables: Sequence[str]) -> None:
    """Rename what has another name now, create new tables, and cover all rows by one digest.

    The caller holds the lock of the writers. tables: the statements that create what is missing.
    """
    for statement in (*RENAMED, *tables, GRANTS):
        connection.execute(statement.encode())
    if digest := first_digest(events(connection), registry(connection)):
        connection.execute(INSERT_DIGEST, digest)


def events(connection: Connection[DictRow]) -> Iterator[EventRow]:
    """Yield every event."""
    return (EventRow(*row) for row in rows(connection, EVENTS))


def registry(connection: Connection[DictRow]) -> Iterator[Entry]:
    """Yield every entry of the registry."""
    return ((table, *row) for table, query in REGISTRY.items() for row in rows(connection, query))


def rows(connection: Connection[DictRow], query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query; the server keeps those that are not read yet."""
    with connection.cursor("upgrading", row_factory=tuple_row) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        yield from cursor.execute(query.encode())
