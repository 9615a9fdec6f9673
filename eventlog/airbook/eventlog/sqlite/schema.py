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
)
from airbook.eventlog.sqlite.creating import create_file, retry_while_busy
from airbook.eventlog.sqlite.reads import SQLiteReads

SCHEMA = 2

# These names are stored in every file made so far: another name would need a new SCHEMA.
TRIGGERS = {
    "events_never_change": "CREATE TRIGGER events_never_change BEFORE UPDATE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "events_never_go": "CREATE TRIGGER events_never_go BEFORE DELETE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'events are never removed'); END",
    # INSERT OR REPLACE removes a row without asking the trigger before DELETE.
    "events_never_give_way": "CREATE TRIGGER events_never_give_way BEFORE INSERT ON stored_events"
    " WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid) OR EXISTS ("
    "SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id"
    " AND originator_version = NEW.originator_version)"
    " BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END",
    "digests_never_change": "CREATE TRIGGER digests_never_change BEFORE UPDATE ON digests"
    " BEGIN SELECT RAISE(ABORT, 'digests are never changed'); END",
    "digests_never_go": "CREATE TRIGGER digests_never_go BEFORE DELETE ON digests"
    " BEGIN SELECT RAISE(ABORT, 'digests are never removed'); END",
    "digests_never_give_way": "CREATE TRIGGER digests_never_give_way BEFORE INSERT ON digests"
    " WHEN EXISTS (SELECT 1 FROM digests"
    " WHERE position = NEW.position AND number = NEW.number)"
    " BEGIN SELECT RAISE(ABORT, 'digests are never replaced'); END",
}
NEW_IN_2 = (
    "CREATE TABLE actors (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID",
    (
        "CREATE TABLE digests (position INTEGER NOT NULL, number INTEGER NOT NULL,"
        " registry BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (position, number))"
        " WITHOUT ROWID"
    ),
    *TRIGGERS.values(),
)
TABLES = (
    "CREATE TABLE identity AS SELECT lower(hex(randomblob(8))) AS id",
    "CREATE TABLE numbers (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE keys (key TEXT PRIMARY KEY, contents TEXT NOT NULL,"
        " number INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID"
    ),
    "CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID",
    (
        "CREATE TABLE parked (reservation INTEGER PRIMARY KEY, position INTEGER NOT NULL,"
        " error TEXT NOT NULL, at TEXT NOT NULL, retry INTEGER NOT NULL, dropped INTEGER NOT NULL)"
    ),
    *NEW_IN_2,
)


def create_tables(datastore: LogDatastore, reads: SQLiteReads) -> None:
    """Create the tables, or bring those of an older airbook up to date, in one transaction.

    Raises StoreError, also if a newer airbook made them.
    """

    def create() -> None:
        with datastore.transaction(commit=False) as c:
            if version_of(c, datastore.path) == SCHEMA:
                return
        # Others may hold the lock without a pause once the tables exist: ask again, do not wait.
        with datastore.without_waiting(), datastore.transaction(commit=True) as c:
            version = version_of(c, datastore.path)
            if version == 0:
                reads.create_librarys_tables(c)
                for statement in TABLES:
                    c.execute(statement)
                c.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            elif version < SCHEMA:
                upgrade(c, datastore.path)
            c.execute(f"PRAGMA user_version = {SCHEMA}")

    try:
        retry_while_busy(create)
    except StoreError as error:
        if error.code == "store_read_only" and is_older(datastore):
            raise StoreError("store_older", datastore.path) from error
        raise


def is_older(datastore: LogDatastore) -> bool:
    """Return whether an older airbook made the tables. Raises StoreError."""
    with datastore.transaction(commit=False) as c:
        return 0 < version_of(c, datastore.path) < SCHEMA


def version_of(c: SQLiteCursor, path: Path) -> int:
    """Return the version of the tables; 0 without tables. Raises StoreError (store_newer)."""
    c.execute("PRAGMA user_version")
    version = int(c.fetchone()[0])
    if version > SCHEMA:
        raise StoreError("store_newer", path)
    return version


def upgrade(c: SQLiteCursor, path: Path) -> None:
    """Bring the tables of schema 1 up to date, which few commands do. Raises StoreError."""
    from airbook.eventlog.sqlite.upgrade import upgrade_from_1

    upgrade_from_1(c, path, NEW_IN_2)


def statements() -> Iterator[str]:
    """Yield the statements that make a log, read from a new file."""
    with TemporaryDirectory() as folder:
        file = create_file(Path(folder, "airbook.db"))
        with closing(LogDatastore(file)) as datastore:
            create_tables(datastore, SQLiteReads(datastore))
            query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
            yield from [str(row[0]) for row in datastore.read(query)]
    yield "INSERT INTO identity SELECT lower(hex(randomblob(8)))"
    yield f"INSERT INTO tracking VALUES ('{LIBRARYS_OWN}', 1)"  # noqa: S608 -- our own word
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {SCHEMA}"
