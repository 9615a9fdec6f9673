"""One SQLite file for the log: its connections, which keep what they acknowledge."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from airbook.domain.store import StoreError, explained

BUSY_SECONDS = 5.0
FULL = 2  # what PRAGMA synchronous answers


class LogConnection(SQLiteConnection):
    """A connection whose writing transactions take the write lock when they begin."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, max_age=None)
        self._raw = connection

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        """Begin, and commit or roll back."""
        # A transaction that begins by reading cannot become a writing one once another has
        # written: SQLite then says busy at once, whatever the timeout.
        self._raw.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
        try:
            yield self.cursor()
            self._raw.execute("COMMIT" if commit else "ROLLBACK")
        finally:
            if self._raw.in_transaction:
                with suppress(sqlite3.Error):
                    self._raw.rollback()


class LogPool(SQLiteConnectionPool):
    """Connections that keep what they acknowledge."""

    def _create_connection(self) -> SQLiteConnection:
        connection = sqlite3.connect(
            self.db_name,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=128,
        )
        connection.row_factory = sqlite3.Row
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: there fsync alone keeps nothing
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # see SQLiteLog.checkpoint
        if connection.execute("PRAGMA synchronous").fetchone()[0] != FULL:
            raise StoreError("store_unsafe", self.db_name)
        return LogConnection(connection)


class LogDatastore(SQLiteDatastore):
    """One file's connections; what goes wrong with them is told as StoreError."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), originator_id_type="text")
        self.pool = LogPool(db_name=str(path))
        self.path = path

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        """Begin, and commit or roll back. Raises StoreError."""
        with explained(self.path), super().transaction(commit=commit) as cursor:
            yield cursor


def create_file(path: Path) -> None:
    """Make the file, and the folders above it, for their owner alone, if they are not there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def with_patience(create: Callable[[], None]) -> None:
    """Create tables, trying again while another process is creating the same file.

    SQLite does not wait when two connections turn on the write-ahead log at once.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return create()
        except StoreError as error:
            if error.code != "store_busy" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
