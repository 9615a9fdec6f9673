"""The connections to one SQLite file, set up to keep what they acknowledge."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
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
from airbook.eventlog.sqlite.errors import error_of_log, translate_errors
from airbook.eventlog.sqlite.lock_holder import busy
from airbook.eventlog.sqlite.opened_file import OpenedFile, can_only_be_read
from airbook.eventlog.sqlite.texts import decode_text, rows_of

APPLICATION_ID = 0x41495242  # "AIRB": marks the files of airbook among SQLite files
BUSY_SECONDS = 5.0
EMPTY_WAL = "PRAGMA wal_checkpoint(TRUNCATE)"
SYNCHRONOUS_FULL = 2  # the answer of PRAGMA synchronous


class LogConnection(SQLiteConnection):
    """A connection of the library. raw: the connection of the driver."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, max_age=None)
        self.raw = connection


class LogPool(SQLiteConnectionPool):
    """Opens connections with the settings of `configure`."""

    def __init__(self, file: OpenedFile) -> None:
        super().__init__(db_name=str(file.path))
        self._file = file

    def _create_connection(self) -> SQLiteConnection:
        self._file.check_is_there()
        self._file.check_wal()
        if self._file.is_static:
            return self._open_to_read()
        try:
            return self._open()
        except sqlite3.OperationalError:
            if not can_only_be_read(self._file.path):
                raise
            self._file.expect_no_writer()
            return self._open_to_read()

    def _open(self) -> SQLiteConnection:
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
        self._file.note_wal()
        return LogConnection(connection)

    def _open_to_read(self) -> SQLiteConnection:
        """Open a closed file that cannot be written; SQLite would make files beside it to read."""
        uri = f"{self._file.path.as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        if is_foreign(connection):
            connection.close()
            raise StoreError("store_foreign", self._file.path)
        return LogConnection(connection)


def configure(connection: sqlite3.Connection, path: str) -> None:
    """Make a connection keep what it acknowledges. Raises StoreError if that is impossible."""
    connection.text_factory = decode_text
    if is_foreign(connection):
        raise StoreError("store_foreign", path)  # before the next statement changes the file
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError("store_full", path)  # SQLite reports no error here
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # on macOS, fsync alone does not reach the disk
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see sqlite/checkpoint.py
    if connection.execute("PRAGMA synchronous").fetchone()[0] != SYNCHRONOUS_FULL:
        raise StoreError("store_unsafe", path)
    # A file that has just been turned to a write-ahead log is open without one until it is read.
    # Until then another program that closes the file would remove the log it found there.
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()


class LogDatastore(SQLiteDatastore):
    """The connections to one file; their errors are raised as StoreError.

    One connection is reserved for writing: SQLite allows one writer at a time, and taking a
    connection from the pool costs a tenth of a commit.
    """

    def __init__(self, file: OpenedFile) -> None:
        super().__init__(str(file.path), originator_id_type="text")
        self.pool = LogPool(file)
        self.file = file
        self.path = file.path
        self._writing = Lock()
        self._writer: SQLiteConnection | None = None
        self._is_closed = False
        self.end_transaction: Callable[[sqlite3.Connection, str], object]
        self.end_transaction = sqlite3.Connection.execute

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        """Begin a transaction, then commit it or roll it back. Raises StoreError.

        Nothing is committed to a file that was taken away, and nothing is acknowledged that may
        have been committed to one.
        """
        begun = time.monotonic()
        try:
            # The lock alone, and no generator round it: each commit pays for this.
            with self._writing if commit else self.get_connection(commit=False) as lent:
                raw = cast("LogConnection", self._opened_writer() if commit else lent).raw
                cursor = raw.cursor()
                try:
                    # A transaction that begins with a read cannot write after another writer has
                    # committed: SQLite reports busy at once, whatever the timeout.
                    raw.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                    if commit:
                        self.file.check_name()
                    yield SQLiteCursor(cursor)
                    self.end_transaction(raw, "COMMIT" if commit else "ROLLBACK")
                    if commit or self.file.is_static:
                        self.file.check_is_there()
                finally:
                    end(raw, cursor)
        except Exception as error:
            if (reported := self._reported(error, time.monotonic() - begun)) is error:
                raise
            raise reported from error

    def _reported(self, error: Exception, seconds: float) -> Exception:
        """Return the error to raise for an error of a transaction, which took so many seconds.

        Raises StoreError if the file was taken away: what another file did is no other error.
        """
        if isinstance(error, sqlite3.Error):
            self.file.check_is_there()
        if not isinstance(error, StoreError):
            error = error_of_log(error, self.path, self.read)
        if isinstance(error, StoreError) and error.code == "store_busy":
            return busy(self.path, seconds)
        return error

    def read(self, statement: str, *values: object) -> Sequence[Values]:
        """Return the rows of a query. Raises StoreError."""
        with self.transaction(commit=False) as c:
            return rows_of(c, statement, values)

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
                yield self._opened_writer()
        else:
            with super().get_connection(commit=False) as connection:
                yield connection

    def _opened_writer(self) -> SQLiteConnection:
        self._writer = self._writer or self.pool.get_connection()
        return self._writer

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

    def damaged(self) -> StoreError:
        """Return the error that reports a damaged row."""
        return StoreError("store_damaged", self.path)

    def close(self) -> None:
        """Close every connection; the last one of all processes empties the write-ahead log."""
        if self._is_closed:  # the library closes it again when it is collected
            return
        self._is_closed = True
        if self._writer is not None:
            self.pool.put_connection(self._writer)
            self._writer = None
        is_emptied = not self.file.is_in_place() and self.file.has_own_wal() and self._empty_wal()
        super().close()
        if is_emptied:
            self.file.remove_wal()
        self.file.forget_wal()

    def _empty_wal(self) -> bool:
        """Move the write-ahead log into the file that was opened, wherever it is now.

        SQLite leaves the log of such a file where it was, and would read it into the next file.
        Returns whether the log is empty.
        """
        with suppress(sqlite3.Error, StoreError), super().get_connection(commit=False) as one:
            (busy, *_) = cast("LogConnection", one).raw.execute(EMPTY_WAL).fetchone()
            return not busy
        return False


def end(raw: sqlite3.Connection, cursor: sqlite3.Cursor) -> None:
    """Close a cursor, and roll back what was not committed."""
    cursor.close()  # closing it later would reset a statement of the next writer
    if raw.in_transaction:
        with suppress(sqlite3.Error):
            raw.rollback()


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Return whether a file is the database of another program."""
    application, tables = connection.execute(
        "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id"
    ).fetchone()
    return bool(tables) and application != APPLICATION_ID
