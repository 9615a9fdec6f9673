"""What stands beside the events in the log's file: numbers, keys, customers, what is parked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from eventsourcing.sqlite import SQLiteCursor
from msgspec import json

from airbook.eventlog.errors import StoreError, explained
from airbook.eventlog.records import Customer, Parked
from airbook.eventlog.rows import CommandRow
from airbook.eventlog.sqlite.connection import (
    APPLICATION_ID,
    LogDatastore,
    create_file,
    is_another,
    with_patience,
)
from airbook.eventlog.sqlite.reads import SQLiteReads

SCHEMA = 1
LIBRARYS_OWN = "__migration__"  # among the followers
LAST_CHARACTER = "\U0010ffff"  # of all; no name has it

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


class SQLiteTables(SQLiteReads):
    """The library's tables of events and tracked positions, and our own beside them."""

    def __init__(self, path: Path) -> None:
        """path: the file; it is made, readable by its owner alone, if it is not there yet."""
        self.path = path
        self._identity: str | None = None
        with explained(path):
            create_file(path)
            self._made = path.stat()
        super().__init__(LogDatastore(path))
        with_patience(self.create_table)

    @property
    def identity(self) -> str:
        """Tell this log from every other."""
        if self._identity is None:
            with self.datastore.transaction(commit=False) as c:
                c.execute("SELECT id FROM identity")
                self._identity = str(c.fetchone()[0])
        return self._identity

    def is_gone(self) -> bool:
        """Tell whether the file was taken away, or another one put in its place."""
        return is_another(self.path, self._made)

    def create_table(self) -> None:
        """Create the tables unless they are there. Raises StoreError if they are not ours."""
        with self.datastore.transaction(commit=False) as c:
            if self._is_ready(c):
                return
        with self.datastore.transaction(commit=True) as c:
            if not self._is_ready(c):
                self._create_table(c)
                for statement in TABLES:
                    c.execute(statement)
                c.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                c.execute(f"PRAGMA user_version = {SCHEMA}")

    def _is_ready(self, c: SQLiteCursor) -> bool:
        c.execute("PRAGMA user_version")
        version = int(c.fetchone()[0])
        if version > SCHEMA:
            raise StoreError("store_newer", self.path)
        return version == SCHEMA

    def complaints(self) -> Sequence[str]:
        """List what is wrong with the file: damaged pages, and events that could be changed."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("PRAGMA integrity_check")
            damaged = [str(row[0]) for row in c.fetchall() if row[0] != "ok"]
            c.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            triggers = {row[0] for row in c.fetchall()}
        return [*damaged, *(f"no trigger {name}" for name in TRIGGERS if name not in triggers)]

    def numbers(self) -> Mapping[str, int]:
        """Tell the last number given to each kind."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT kind, last FROM numbers")
            return dict(c.fetchall())

    def tracked(self) -> Mapping[str, int]:
        """Tell how far every follower has come."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT * FROM tracking WHERE application_name <> ?", (LIBRARYS_OWN,))
            return dict(c.fetchall())

    def commands(self, after: str, limit: int) -> Sequence[CommandRow]:
        """List idempotency keys behind one, in their order."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT key, contents, number, position FROM commands WHERE key > ?"
                " ORDER BY key LIMIT ?",
                (after, limit),
            )
            return [CommandRow(*row) for row in c.fetchall()]

    def customers(self, after: str, limit: int) -> Sequence[Customer]:
        """List customers behind an id, in the order of their ids."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT id, name FROM customers WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
            )
            return [Customer(*row) for row in c.fetchall()]

    def customer_ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Find the ids customers' names stand under; a name not known is missing."""
        with self.datastore.transaction(commit=False) as c:
            return find_customers(c, names)

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Find the names of customers; one who was forgotten is missing from the answer."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))",
                (array(ids),),
            )
            return dict(c.fetchall())

    def customers_named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids of customers whose names begin so, at most `limit`, by name."""
        query = "SELECT id FROM customers WHERE name BETWEEN ? AND ? ORDER BY name LIMIT ?"
        with self.datastore.transaction(commit=False) as c:
            c.execute(query, (beginning, beginning + LAST_CHARACTER, limit))
            return [row[0] for row in c.fetchall()]

    def parked(self) -> Sequence[Parked]:
        """List what is put aside, by reservation."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT * FROM parked ORDER BY reservation")
            return [
                Parked(number, position, error, at, bool(again), bool(dropped))
                for number, position, error, at, again, dropped in c.fetchall()
            ]

    def mark_parked(self, reservation: int, *, again: bool, dropped: bool) -> bool:
        """Ask for another try, or for none; False if that reservation is not put aside."""
        with self.datastore.transaction(commit=True) as c:
            c.execute(
                "UPDATE parked SET again = ?, dropped = ? WHERE reservation = ? RETURNING 1",
                (again, dropped, reservation),
            )
            return c.fetchone() is not None

    def close(self) -> None:
        """Close every connection; the last one of all processes empties the write-ahead log."""
        self.datastore.close()


def statements() -> Iterator[str]:
    """Give the statements that make the log: those a new file was made with."""
    with (
        TemporaryDirectory() as folder,
        closing(SQLiteTables(Path(folder, "airbook.db"))) as made,
        made.datastore.transaction(commit=False) as c,
    ):
        c.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        yield from [str(row[0]) for row in c.fetchall()]
    yield "INSERT INTO identity SELECT lower(hex(randomblob(8)))"
    yield f"INSERT INTO tracking VALUES ('{LIBRARYS_OWN}', 1)"  # noqa: S608 -- a word of ours
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {SCHEMA}"


def array(texts: Sequence[str]) -> str:
    """Write texts as SQLite's json_each reads them."""
    return json.encode(sorted(set(texts))).decode()


def find_customers(c: SQLiteCursor, names: Sequence[str]) -> dict[str, str]:
    """Find the ids customers' names stand under."""
    c.execute(
        "SELECT name, id FROM customers WHERE name IN (SELECT value FROM json_each(?))",
        (array(names),),
    )
    return dict(c.fetchall())
