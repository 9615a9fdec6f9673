"""The connections to one SQLite file, set up to keep what they acknowledge."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
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

from airbook.eventlog.errors import StoreError
from airbook.eventlog.sql import Values
from airbook.eventlog.sqlite.errors import translate_errors
from airbook.eventlog.sqlite.lock_holder import naming_holder

APPLICATION_ID = 0x41495242  # "AIRB": marks the files of airbook among SQLite files
BUSY_SECONDS = 5.0
SYNCHRONOUS_FULL = 2  # the answer of PRAGMA synchronous


class LogConnection(SQLiteConnection):
    """A connection of the library. raw: the connection of the driver."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, max_age=None)
        self.raw = connection


class LogPool(SQLiteConnectionPool):
    """Opens connections with the settings of `configure`."""

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
    """Make a connection keep what it acknowledges. Raises StoreError if that is impossible."""
    connection.row_factory = sqlite3.Row
    if is_foreign(connection):
        raise StoreError("store_foreign", path)  # before the next statement changes the file
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError("store_full", path)  # SQLite reports no error here
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # on macOS, fsync alone does not reach the disk
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see sqlite/checkpoint.py
    if connection.execute("PRAGMA synchronous").fetchone()[0] != SYNCHRONOUS_FULL:
        raise StoreError("store_unsafe", path)


class LogDatastore(SQLiteDatastore):
    """The connections to one file; their errors are raised as StoreError.

    One connection is reserved for writing: SQLite allows one writer at a time, and taking a
    connection from the pool costs a tenth of a commit.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), originator_id_type="text")
        self.pool = LogPool(db_name=str(path))
        self.path = path
        self._writing = Lock()
        self._writer: SQLiteConnection | None = None

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        """Begin a transaction, then commit it or roll it back. Raises StoreError."""
        with (
            naming_holder(self.path),
            translate_errors(self.path),
            self.get_connection(commit=commit) as connection,
        ):
            raw = cast("LogConnection", connection).raw
            cursor = raw.cursor()
            try:
                # A transaction that begins with a read cannot write after another writer has
                # committed: SQLite reports busy at once, whatever the timeout.
                raw.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                yield SQLiteCursor(cursor)
                raw.execute("COMMIT" if commit else "ROLLBACK")
            finally:
                cursor.close()  # closing it later would reset a statement of the next writer
                if raw.in_transaction:
                    with suppress(sqlite3.Error):
                        raw.rollback()

    def read(self, statement: str, *values: object) -> Sequence[Values]:
        """Return the rows of a query. Raises StoreError."""
        with self.transaction(commit=False) as c:
            c.execute(statement, values)
            found: Sequence[Values] = c.fetchall()
            return found

    def write(self, statement: str, *values: object) -> Sequence[Values]:
        """Execute a statement that changes rows; returns its RETURNING rows. Raises StoreError."""
        with self.transaction(commit=True) as c:
            c.execute(statement, values)
            found: Sequence[Values] = c.fetchall()
            return found

    @contextmanager
    def get_connection(self, *, commit: bool) -> Generator[SQLiteConnection]:
        """Lend the connection for writing, or a connection for reading."""
        if commit:
            with self._writing:
                self._writer = self._writer or self.pool.get_connection()
                yield self._writer
        else:
            with super().get_connection(commit=False) as connection:
                yield connection

    @contextmanager
    def without_waiting(self) -> Generator[None]:
        """Let transactions that write fail at once while the file is locked. Raises StoreError."""
        self._wait_for_lock(0)
        try:
            yield
        finally:
            self._wait_for_lock(BUSY_SECONDS)

    def _wait_for_lock(self, seconds: float) -> None:
        with translate_errors(self.path), self.get_connection(commit=True) as connection:
            raw = cast("LogConnection", connection).raw
            raw.execute(f"PRAGMA busy_timeout = {seconds * 1_000:.0f}")

    def close(self) -> None:
        """Close every connection; the last one of all processes empties the write-ahead log."""
        if self._writer is not None:
            self.pool.put_connection(self._writer)
            self._writer = None
        super().close()


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Return whether a file is the database of another program."""
    application, tables = connection.execute(
        "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id"
    ).fetchone()
    return bool(tables) and application != APPLICATION_ID


def create_file(path: Path) -> os.stat_result:
    """Create the file and its folders, for their owner alone, unless they exist."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return path.stat()


def is_replaced(path: Path, opened: os.stat_result) -> bool:
    """Return whether the file that was opened is gone, or another one is in its place."""
    try:
        return not samestat(opened, path.stat())
    except FileNotFoundError:
        return True


def retry_while_busy(create: Callable[[], None]) -> None:
    """Create tables, and try again while another process creates the same file, or writes to it.

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
