"""The log in one SQLite file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from airbook.eventlog.append import finished, lookup_for, plan
from airbook.eventlog.codec import Codec
from airbook.eventlog.digests import SQLDigests
from airbook.eventlog.errors import StoreError
from airbook.eventlog.recorder import CommitObserver
from airbook.eventlog.records import Conflict, Transaction, TransactionResult
from airbook.eventlog.registry import SQLRegistry
from airbook.eventlog.rows import Rows
from airbook.eventlog.sqlite.checkpoint import WalCheckpoint
from airbook.eventlog.sqlite.connection import LogDatastore
from airbook.eventlog.sqlite.creating import create_file
from airbook.eventlog.sqlite.diagnostics import SQLiteDiagnostics
from airbook.eventlog.sqlite.errors import translate_errors
from airbook.eventlog.sqlite.notification import PipeNotifier
from airbook.eventlog.sqlite.reads import SQLiteReads
from airbook.eventlog.sqlite.schema import create_tables
from airbook.eventlog.sqlite.wal_owner import await_owner
from airbook.eventlog.sqlite.writes import STATEMENTS, insert, look_up

PAGES_PER_COMMIT = 5
EVENTS_PER_PAGE = 10


class SQLiteRecorder:
    """The store of a log in one SQLite file."""

    def __init__(self, path: Path) -> None:
        """path: the file; it is created, for its owner alone, unless it exists.

        Raises StoreError.
        """
        await_owner(path)
        with translate_errors(path):
            self.datastore = LogDatastore(create_file(path))
        self.reads = SQLiteReads(self.datastore)
        try:
            create_tables(self.datastore, self.reads)
        except BaseException:
            self.datastore.close()
            raise
        self.registry = SQLRegistry(self.datastore, STATEMENTS)
        self.digests = SQLDigests(self.datastore, STATEMENTS)
        self.notifier = PipeNotifier(path.with_name(f"{path.name}.subscribers"))
        self.wal_checkpoint = WalCheckpoint(self.datastore)
        self.diagnostics = SQLiteDiagnostics(self.datastore)
        self._identity: str | None = None

    @property
    def identity(self) -> str:
        """Return the id of this log; no other log has it. Raises StoreError."""
        if self._identity is None:
            rows = self.datastore.read("SELECT id FROM identity")
            if len(rows) != 1 or not rows[0][0]:
                raise self.datastore.damaged()
            self._identity = str(rows[0][0])
        return self._identity

    def append(
        self, transactions: Sequence[Transaction], codec: Codec
    ) -> Sequence[TransactionResult]:
        """Store transactions in one commit; returns a result for each, in order."""
        try:
            with self.datastore.transaction(commit=True) as c:
                found = finished(look_up(c, lookup_for(transactions)), self.datastore.path)
                rows, results = plan(transactions, found, codec)
                insert(c, rows)
        except sqlite3.IntegrityError:  # rows of a program that does not look up first
            return [Conflict() for _ in transactions]
        self._after_commit(rows)
        return results

    def insert(self, rows: Rows) -> None:
        """Insert rows of another store in one commit. Raises Conflict if other rows exist."""
        try:
            with self.datastore.transaction(commit=True) as c:
                insert(c, rows)
        except sqlite3.IntegrityError as error:
            raise Conflict from error
        self._after_commit(rows)

    def _after_commit(self, rows: Rows) -> None:
        # The commit is stored already; a trouble that lasts is reported by the next commit.
        with suppress(StoreError):
            self.note_written(PAGES_PER_COMMIT + len(rows.events) // EVENTS_PER_PAGE)
        if rows.events:
            self.notifier.wake()

    def note_written(self, pages: int) -> None:
        """Note that about so many pages were written by any process."""
        self.wal_checkpoint.note_written(pages)

    def observe(self, observer: CommitObserver) -> None:
        """Tell an observer how long each COMMIT takes, which waits for the disk."""
        self.datastore.end_transaction = measured(observer)

    def await_outcomes(self, seconds: float) -> None:
        """Do nothing: the outcome of a commit to a file is known at once."""

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()


def measured(observer: CommitObserver) -> Callable[[sqlite3.Connection, str], None]:
    """Return a function that ends a transaction, and tells an observer how long a COMMIT took."""

    def end_transaction(connection: sqlite3.Connection, statement: str) -> None:
        begun = time.monotonic()
        connection.execute(statement)
        if statement == "COMMIT":
            observer.synced(time.monotonic() - begun)

    return end_transaction
