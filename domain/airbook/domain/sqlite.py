"""The log in one SQLite file, on the eventsourcing library's recorder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking
from eventsourcing.sqlite import SQLiteCursor, SQLiteProcessRecorder
from msgspec import json

from airbook.domain.log import Append, Change, Conflict, Fenced, Key, Parked, Receipt
from airbook.domain.refusal import Refused
from airbook.domain.sqlite_file import (
    APPLICATION_ID,
    BUSY_SECONDS,
    LogDatastore,
    create_file,
    with_patience,
)
from airbook.domain.store import StoreError, explained
from airbook.domain.vocabulary import Vocabulary, stamp

WAL_LIMIT = 8 * 1024 * 1024  # bytes; past that, whoever commits empties it
CHECKPOINT_PAGES = 1_000  # SQLite's own default
LOOK_EVERY = 64  # commits; the first of a process among them
PAGES_PER_COMMIT = 3
FACTS_PER_PAGE = 10
SCHEMA = 1

TRIGGERS = {
    "facts_never_change": "CREATE TRIGGER facts_never_change BEFORE UPDATE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END",
    "facts_never_go": "CREATE TRIGGER facts_never_go BEFORE DELETE ON stored_events"
    " BEGIN SELECT RAISE(ABORT, 'facts are never removed'); END",
    # INSERT OR REPLACE removes a row without asking the trigger before DELETE.
    "facts_never_give_way": "CREATE TRIGGER facts_never_give_way BEFORE INSERT ON stored_events"
    " WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid) OR EXISTS ("
    "SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id"
    " AND originator_version = NEW.originator_version)"
    " BEGIN SELECT RAISE(ABORT, 'facts are never replaced'); END",
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


class SQLiteLog(SQLiteProcessRecorder):
    """The library's recorder of events and tracked positions, and our own tables beside it."""

    datastore: LogDatastore

    def __init__(self, path: Path) -> None:
        """path: the file; it is made, readable by its owner alone, if it is not there yet."""
        self.path = path
        with explained(path):
            create_file(path)
        super().__init__(LogDatastore(path))
        self.wal = f"{path}-wal"
        self.pages = self.commits = 0
        with_patience(self.create_table)

    @property
    def identity(self) -> str:
        """Tell this log from every other."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT id FROM identity")
            return str(c.fetchone()[0])

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
        c.execute(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
            " FROM pragma_application_id, pragma_user_version"
        )
        application, version, tables = c.fetchone()
        if application != APPLICATION_ID and tables:
            raise StoreError("store_foreign", self.path)
        if version > SCHEMA:
            raise StoreError("store_newer", self.path)
        return bool(version == SCHEMA)

    def commit(self, change: Change, vocabulary: Vocabulary) -> Receipt:
        """Append in one transaction; see Log.commit."""
        with self.datastore.transaction(commit=True) as c:
            if change.key and (receipt := self._repeated(c, change.key)):
                return receipt
            receipt = self._append(c, change, vocabulary)
            self._keep_beside(c, change, receipt)
        facts = sum(len(append.facts) for append in change.appends)
        self.checkpoint(PAGES_PER_COMMIT + facts // FACTS_PER_PAGE)
        return receipt

    def _repeated(self, c: SQLiteCursor, key: Key) -> Receipt | None:
        c.execute("SELECT contents, number, position FROM commands WHERE key = ?", (key.key,))
        row = c.fetchone()
        if row is None:
            return None
        if row["contents"] != key.contents:
            raise Refused.key_reused(key.key)
        return Receipt(row["number"], row["position"], repeated=True)

    def _append(self, c: SQLiteCursor, change: Change, vocabulary: Vocabulary) -> Receipt:
        number, stored, at = 0, list[StoredEvent](), stamp(change.at)
        for append in change.appends:
            number = append.number or self._next_number(c, append)
            for version, fact in enumerate(append.facts, append.version + 1):
                topic, state = vocabulary.write(fact, at)
                stored.append(StoredEvent(f"{append.kind}-{number}", version, topic, state))
        try:
            positions = self._insert_events(c, stored)
        except sqlite3.IntegrityError as error:
            raise Conflict from error
        try:
            if change.tracked:
                self._insert_tracking(c, Tracking(change.tracked.name, change.tracked.position))
        except IntegrityError as error:
            raise Fenced from error
        return Receipt(number, positions[-1] if positions else 0)

    def _next_number(self, c: SQLiteCursor, append: Append) -> int:
        c.execute(
            "INSERT INTO numbers VALUES (?, 1)"
            " ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
            (append.kind,),
        )
        return int(c.fetchone()[0])

    def _keep_beside(self, c: SQLiteCursor, change: Change, receipt: Receipt) -> None:
        if change.key:
            key = change.key
            used = (key.key, key.contents, receipt.number, receipt.position)
            c.execute("INSERT INTO commands VALUES (?, ?, ?, ?)", used)
        if change.customer:
            try:
                who = (change.customer.id, change.customer.name)
                c.execute("INSERT INTO customers VALUES (?, ?)", who)
            except sqlite3.IntegrityError as error:
                raise Conflict from error
        for one in change.parked:
            row = (one.reservation, one.position, one.error, one.at, one.again, one.dropped)
            c.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?)", row)
        for number in change.settled:
            c.execute("DELETE FROM parked WHERE reservation = ?", (number,))

    def complaints(self) -> Sequence[str]:
        """List what is wrong with the file: damaged pages, and facts that could be changed."""
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

    def customer_id(self, name: str) -> str | None:
        """Find the id a customer's name stands under."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT id FROM customers WHERE name = ?", (name,))
            row = c.fetchone()
        return None if row is None else str(row[0])

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Find the names of customers; one who was forgotten is missing from the answer."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))",
                (json.encode(sorted(set(ids))).decode(),),
            )
            return dict(c.fetchall())

    def parked(self) -> Sequence[Parked]:
        """List what is put aside, by reservation."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT * FROM parked ORDER BY reservation")
            return [
                Parked(number, position, error, at, bool(again), bool(dropped))
                for number, position, error, at, again, dropped in c.fetchall()
            ]

    def change_parked(self, reservation: int, *, again: bool, dropped: bool) -> bool:
        """Ask for another try, or for none; False if that reservation is not put aside."""
        with self.datastore.transaction(commit=True) as c:
            c.execute(
                "UPDATE parked SET again = ?, dropped = ? WHERE reservation = ? RETURNING 1",
                (again, dropped, reservation),
            )
            return c.fetchone() is not None

    def checkpoint(self, pages: int) -> None:
        """Move the write-ahead log into the file once enough has been written.

        pages: about how many were written, here or elsewhere, since the last call. SQLite before
        3.51.3 can lose a commit that resets the write-ahead log while a second checkpoint runs
        (https://www.sqlite.org/wal.html#walresetbug). RESTART and TRUNCATE hold the write lock for
        as long as they run, so no commit can come between. RESTART keeps the file, and syncing
        is quicker where a file does not grow.
        """
        self.pages += pages
        self.commits += 1
        large = self.commits % LOOK_EVERY == 1 and os.stat(self.wal).st_size > WAL_LIMIT  # noqa: PTH116
        if self.pages < CHECKPOINT_PAGES and not large:
            return
        self.pages = 0
        with explained(self.path), self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout = 100")  # a reader in the way: next time
            cursor.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if large else 'RESTART'})")
            cursor.fetchall()
            cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")

    def close(self) -> None:
        """Close every connection; the last one of all processes empties the write-ahead log."""
        self.datastore.close()
