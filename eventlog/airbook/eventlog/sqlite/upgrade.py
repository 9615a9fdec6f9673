"""Bringing a SQLite file of schema 1 up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from struct import error as FormatError  # noqa: N812 -- the library's name says too little

from eventsourcing.sqlite import SQLiteCursor

from airbook.eventlog.chain import Entry, first_digest
from airbook.eventlog.errors import StoreError
from airbook.eventlog.rows import EventRow
from airbook.eventlog.sqlite.writes import STATEMENTS

RENAMED = (
    *(f"DROP TRIGGER IF EXISTS facts_never_{end}" for end in ("change", "go", "give_way")),
    "ALTER TABLE commands RENAME TO keys",
    "ALTER TABLE parked RENAME COLUMN again TO retry",
)
EVENTS = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
    " ORDER BY rowid"
)
# The name of each table, and the columns that a digest covers.
REGISTRY = {
    "numbers": "SELECT kind, last FROM numbers",
    "keys": "SELECT key, contents, number, position FROM keys",
    "customers": "SELECT id FROM customers",
    "checkpoints": "SELECT application_name, notification_id FROM tracking"
    " WHERE application_name <> '__migration__'",  # a row of the eventsourcing library
    "parked": "SELECT reservation, position, error, at FROM parked",
}


def upgrade_from_1(c: SQLiteCursor, path: Path, new_tables: Sequence[str]) -> None:
    """Rename what has another name now, create new tables, and cover all rows by one digest.

    Raises StoreError (store_damaged) if a table is missing or a row cannot be read.
    """
    try:
        for statement in (*RENAMED, *new_tables):
            c.execute(statement)
        if digest := first_digest(events(c), registry(c)):
            c.execute(STATEMENTS.insert_digest, digest)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise StoreError("store_damaged", path) from error
    except (AttributeError, TypeError, ValueError, FormatError) as error:
        raise StoreError("store_damaged", path) from error


def events(c: SQLiteCursor) -> Iterator[EventRow]:
    """Yield every event, read one by one."""
    c.execute(EVENTS)
    while row := c.fetchone():
        yield EventRow(*row)


def registry(c: SQLiteCursor) -> Iterator[Entry]:
    """Yield every entry of the registry."""
    for table, query in REGISTRY.items():
        c.execute(query)
        while row := c.fetchone():
            yield (table, *row)
