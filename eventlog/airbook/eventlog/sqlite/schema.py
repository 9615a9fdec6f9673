"""The tables of the log's SQLite file, and the triggers that keep it append-only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from eventsourcing.sqlite import SQLiteCursor

from airbook.eventlog.errors import StoreError
from airbook.eventlog.registry import LIBRARYS_OWN
from airbook.eventlog.sqlite.connection import (
    APPLICATION_ID,
    LogDatastore,
    create_file,
    retry_while_busy,
)
from airbook.eventlog.sqlite.reads import SQLiteReads

SCHEMA = 1

# These names are stored in every file made so far: another name would need a new SCHEMA.
TRIGGERS = {
    "facts_never_change": "CREATE TRIGGER facts_never_change BEFORE UPDATE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "facts_never_go": "CREATE TRIGGER facts_never_go BEFORE DELETE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'events are never removed'); END",
    # INSERT OR REPLACE removes a row without asking the trigger before DELETE.
    "facts_never_give_way": "CREATE TRIGGER facts_never_give_way BEFORE INSERT ON stored_events"
    " WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid) OR EXISTS ("
    "SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id"
    " AND originator_version = NEW.originator_version)"
    " BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
}
TABLES = (
    "CREATE TABLE identity AS SELECT lower(hex(randomblob(8))) AS id",
    "CREATE TABLE numbers (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE commands (key TEXT PRIMARY KEY, contents TEXT NOT NULL,"
        " number INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID"
    ),
    "CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID",
    (
        "CREATE TABLE parked (reservation INTEGER PRIMARY KEY, position INTEGER NOT NULL,"
        " error TEXT NOT NULL, at TEXT NOT NULL, again INTEGER NOT NULL, dropped INTEGER NOT NULL)"
    ),
    *TRIGGERS.values(),
)


def create_tables(datastore: LogDatastore, reads: SQLiteReads) -> None:
    """Create the tables unless they exist. Raises StoreError if a newer airbook made them."""

    def create() -> None:
        with datastore.transaction(commit=False) as c:
            if is_ready(c, datastore.path):
                return
        # Others may hold the lock without a pause once the tables exist: ask again instead of waiting.
        with datastore.without_waiting(), datastore.transaction(commit=True) as c:
            if not is_ready(c, datastore.path):
                reads.create_librarys_tables(c)
                for statement in TABLES:
                    c.execute(statement)
                c.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                c.execute(f"PRAGMA user_version = {SCHEMA}")

    retry_while_busy(create)


def is_ready(c: SQLiteCursor, path: Path) -> bool:
    """Return whether the tables exist. Raises StoreError if a newer airbook made them."""
    c.execute("PRAGMA user_version")
    version = int(c.fetchone()[0])
    if version > SCHEMA:
        raise StoreError("store_newer", path)
    return version == SCHEMA


def statements() -> Iterator[str]:
    """Yield the statements that make a log, read from a new file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "airbook.db")
        create_file(path)
        with closing(LogDatastore(path)) as datastore:
            create_tables(datastore, SQLiteReads(datastore))
            query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
            yield from [str(row[0]) for row in datastore.read(query)]
    yield "INSERT INTO identity SELECT lower(hex(randomblob(8)))"
    yield f"INSERT INTO tracking VALUES ('{LIBRARYS_OWN}', 1)"  # noqa: S608 -- our own word
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {SCHEMA}"
