"""The log in one SQLite file, on the eventsourcing library's recorder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from eventsourcing.sqlite import SQLiteCursor
from msgspec.structs import astuple

from airbook.eventlog.append import plan, repeated, wanted
from airbook.eventlog.codec import Codec
from airbook.eventlog.errors import StoreError, explained
from airbook.eventlog.records import Answer, Conflict, Key, Receipt, Transaction
from airbook.eventlog.rows import CommandRow, Found, Rows, Wanted
from airbook.eventlog.sqlite.connection import BUSY_SECONDS
from airbook.eventlog.sqlite.notification import PipeListener, wake
from airbook.eventlog.sqlite.schema import SQLiteTables, array, find_customers

WAL_LIMIT = 6 * 1024 * 1024  # bytes; past that, whoever commits empties it
CHECKPOINT_PAGES = 500
AGAIN_PAGES = 100  # when somebody was in the way
LOOK_EVERY = 16  # commits; the first of a process among them
PAGES_PER_COMMIT = 5
FACTS_PER_PAGE = 10
EVENTS = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)"
    " VALUES (?, ?, ?, ?, ?)"
)
# Neither ever goes back, whoever writes.
NUMBERS = (
    "INSERT INTO numbers VALUES (?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)"
)
TRACKED = (
    "INSERT INTO tracking VALUES (?, ?) ON CONFLICT DO UPDATE"
    " SET notification_id = max(notification_id, excluded.notification_id)"
)
PARKED = "INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?)"


class SQLiteLog(SQLiteTables):
    """Appends events, and what belongs to them, in one transaction."""

    def __init__(self, path: Path) -> None:
        """path: the file; it is made, readable by its owner alone, if it is not there yet."""
        super().__init__(path)
        self.wal = f"{path}-wal"
        self.followers = path.with_name(f"{path.name}.followers")
        self.pages = self.commits = 0

    def commit(self, transactions: Sequence[Transaction], codec: Codec) -> Sequence[Answer]:
        """Append what stands of some changes in one transaction; an answer for each."""
        try:
            with self.datastore.transaction(commit=True) as c:
                rows, answers = plan(transactions, self._find(c, wanted(transactions)), codec)
                write(c, rows)
        except sqlite3.IntegrityError:  # whoever wrote this took no lock
            return [Conflict() for _ in transactions]
        self._written(rows)
        return answers

    def write(self, rows: Rows) -> None:
        """Add rows as they are, in one transaction: they come from another store."""
        try:
            with self.datastore.transaction(commit=True) as c:
                write(c, rows)
        except sqlite3.IntegrityError as error:
            raise Conflict from error
        self._written(rows)

    def _written(self, rows: Rows) -> None:
        # What is committed stays so; the next commit meets the trouble.
        with suppress(StoreError, OSError):
            self.checkpoint(PAGES_PER_COMMIT + len(rows.events) // FACTS_PER_PAGE)
        if rows.events:
            self.wake()

    def repeated(self, key: Key) -> Receipt | None:
        """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
        with self.datastore.transaction(commit=False) as c:
            return repeated(key, find_commands(c, [key.key]).get(key.key))

    def _find(self, c: SQLiteCursor, wanted: Wanted) -> Found:
        c.execute(
            "SELECT '', max(rowid) FROM stored_events UNION ALL SELECT kind, last FROM numbers"
        )
        numbers = dict(c.fetchall())
        found = Found(numbers.pop("") or 0, numbers)
        if wanted.keys:
            found.commands = find_commands(c, wanted.keys)
        if wanted.streams:
            c.execute(
                "SELECT value, (SELECT max(originator_version) FROM stored_events"
                " WHERE originator_id = value) FROM json_each(?)",
                (array(wanted.streams),),
            )
            found.versions = {stream: version or 0 for stream, version in c.fetchall()}
        if wanted.names:
            found.customers = find_customers(c, wanted.names)
        if wanted.followers:
            c.execute("SELECT * FROM tracking")
            found.tracked = dict(c.fetchall())
        return found

    def wake(self) -> None:
        """Wake whoever listens, here and in other processes."""
        wake(self.followers)

    def listener(self) -> PipeListener:
        """Listen for events committed by anybody."""
        return PipeListener(self.followers)

    def checkpoint(self, pages: int) -> None:
        """Move the write-ahead log into the file once enough has been written.

        pages: about how many were written, here or elsewhere, since the last call. SQLite before
        3.51.3 can lose a commit that resets the write-ahead log while a second checkpoint runs
        (https://www.sqlite.org/wal.html#walresetbug). RESTART and TRUNCATE take the write lock, so
        no commit can come between. RESTART keeps the file, and syncing is quicker where a file
        does not grow.
        """
        self.pages += pages
        self.commits += 1
        large = self.commits % LOOK_EVERY == 1 and os.stat(self.wal).st_size > WAL_LIMIT  # noqa: PTH116
        if self.pages < CHECKPOINT_PAGES and not large:
            return
        self.pages = 0
        with explained(self.path), self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout = 100")  # milliseconds
            try:
                cursor.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if large else 'RESTART'})")
                if cursor.fetchone()["busy"]:
                    self.pages = CHECKPOINT_PAGES - AGAIN_PAGES
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def write(c: SQLiteCursor, rows: Rows) -> None:
    """Insert rows, table by table."""
    values: dict[str, Iterable[tuple[Any, ...]]] = {
        EVENTS: rows.events,
        NUMBERS: rows.numbers.items(),
        "INSERT INTO commands VALUES (?, ?, ?, ?)": rows.commands,
        "INSERT INTO customers VALUES (?, ?)": [astuple(one) for one in rows.customers],
        TRACKED: rows.tracked.items(),
        PARKED: [astuple(one) for one in rows.parked],
        "DELETE FROM parked WHERE reservation = ?": [(number,) for number in rows.settled],
    }
    for statement, found in values.items():
        if found:
            c.executemany(statement, found)


def find_commands(c: SQLiteCursor, keys: Sequence[str]) -> dict[str, CommandRow]:
    """Find what some idempotency keys were used for."""
    c.execute(
        "SELECT key, contents, number, position FROM commands"
        " WHERE key IN (SELECT value FROM json_each(?))",
        (array(keys),),
    )
    return {row[0]: CommandRow(*row) for row in c.fetchall()}
