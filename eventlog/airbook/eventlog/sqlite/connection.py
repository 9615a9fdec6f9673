"""One SQLite file for the log: its connections, which keep what they acknowledge."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from os.path import samestat
from pathlib import Path
from threading import Lock
from typing import cast

from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
)

from airbook.eventlog.errors import StoreError, explained

APPLICATION_ID = 0x41495242  # "AIRB": tells our files from other SQLite files
BUSY_SECONDS = 5.0
FULL = 2  # what PRAGMA synchronous answers


class LogConnection(SQLiteConnection):
    """One connection, with the driver's own at hand."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, max_age=None)
        self.raw = connection


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
        try:
            configure(connection, self.db_name)
        except BaseException:
            connection.close()
            raise
        return LogConnection(connection)


def configure(connection: sqlite3.Connection, path: str) -> None:
    """Make a connection keep what it acknowledges. Raises StoreError where that cannot be."""
    connection.row_factory = sqlite3.Row
    if is_foreign(connection):
        raise StoreError("store_foreign", path)  # and leave it as it is
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError("store_full", path)  # SQLite keeps the error to itself
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # macOS: there fsync alone keeps nothing
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see SQLiteLog.checkpoint
    if connection.execute("PRAGMA synchronous").fetchone()[0] != FULL:
        raise StoreError("store_unsafe", path)


class LogDatastore(SQLiteDatastore):
    """One file's connections; what goes wrong with them is told as StoreError.

    One connection is kept for writing: only one can write at a time, and lending it from the pool
    costs a tenth of a commit.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), originator_id_type="text")
        self.pool = LogPool(db_name=str(path))
        self.path = path
        self._writing = Lock()
        self._writer: SQLiteConnection | None = None

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        """Begin, and commit or roll back. Raises StoreError."""
        with explained(self.path), self.get_connection(commit=commit) as connection:
            raw = cast("LogConnection", connection).raw
            cursor = raw.cursor()
            try:
                # One that begins by reading cannot become a writing one once another has written:
                # SQLite then says busy at once, whatever the timeout.
                raw.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                yield SQLiteCursor(cursor)
                raw.execute("COMMIT" if commit else "ROLLBACK")
            finally:
                cursor.close()  # a later one would reset what the next writer is executing
                if raw.in_transaction:
                    with suppress(sqlite3.Error):
                        raw.rollback()

    @contextmanager
    def get_connection(self, *, commit: bool) -> Generator[SQLiteConnection]:
        """Lend a connection: the one that writes, or one of those that read."""
        if commit:
            with self._writing:
                self._writer = self._writer or self.pool.get_connection()
                yield self._writer
        else:
            with super().get_connection(commit=False) as connection:
                yield connection

    def close(self) -> None:
        """Close every connection."""
        if self._writer is not None:
            self.pool.put_connection(self._writer)
            self._writer = None
        super().close()


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Tell whether a file is the database of another program."""
    application, tables = connection.execute(
        "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id"
    ).fetchone()
    return bool(tables) and application != APPLICATION_ID


def create_file(path: Path) -> None:
    """Make the file, and the folders above it, for their owner alone, if they are not there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def is_another(path: Path, made: os.stat_result) -> bool:
    """Tell whether the file that was made is gone, or another one in its place."""
    try:
        return not samestat(made, path.stat())
    except FileNotFoundError:
        return True


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
