"""The views in an SQLite file next to the log."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sql
from msgspec import json
from sqlalchemy import event as sql_event

from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.sqlite.connection import (
    APPLICATION_ID,
    BUSY_SECONDS,
)
from airbook.eventlog.sqlite.creating import retry_while_busy
from airbook.eventlog.sqlite.errors import translate_errors
from airbook.eventlog.sqlite.opened_file import is_same
from airbook.projections.database import AlreadyRebuilding, create_missing
from airbook.projections.store import Views

if TYPE_CHECKING:
    import sqlite3

PAGES_AT_ONCE = 500


class SQLiteDatabase:
    """The views in one file; a commit need not wait for the disk, since they can be rebuilt."""

    def __init__(self, path: Path, on_close: Callable[[], None] | None = None) -> None:
        """path: the file; if there is none, it is created with access for its owner only.

        on_close: called when every connection is closed.
        """
        self._on_close = on_close
        self.path = path
        self.place = str(path)
        with translate_errors(path):
            if not path.exists():  # to close it would end the locks of this process on it
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._opened_file = path.stat()
        self.engine = create_engine(path)
        self._patience = BUSY_SECONDS

    @contextmanager
    def reading(self) -> Generator[sql.Connection]:
        """Open a read transaction with one snapshot."""
        with (
            translate_errors(self.path, damaged="views_damaged"),
            self.engine.begin() as connection,
        ):
            yield connection

    def reading_long(self) -> AbstractContextManager[sql.Connection]:
        """Open a read transaction that may take hours."""
        return self.reading()

    @contextmanager
    def writing(self) -> Generator[sql.Connection]:
        """Open a write transaction, which holds the write lock from its first statement on."""
        with (
            translate_errors(self.path, damaged="views_damaged"),
            self.engine.connect().execution_options(patience=self._patience) as connection,
            connection.begin(),
        ):
            yield connection

    def list_texts(self, texts: Sequence[str]) -> sql.FromClause:
        """Return texts as a table of the columns `value` and `key`, which counts them in order."""
        array = json.encode(texts).decode()
        return sql.func.json_each(array).table_valued("value", "key")

    def prepare(
        self, is_ready: Callable[[sql.Connection], bool], create: Callable[[sql.Connection], None]
    ) -> None:
        """Create the missing tables, in one process at a time."""
        retry_while_busy(lambda: create_missing(self, is_ready, create))

    def wait_at_most(self, seconds: float) -> None:
        """Let write transactions wait so long for a lock."""
        self._patience = min(seconds, BUSY_SECONDS)

    @contextmanager
    def rebuilding(self) -> Generator[None]:
        """Hold a lock on a file, which the system frees if the process dies.

        At the end, the file shrinks by the tables that were replaced. Raises AlreadyRebuilding.
        """
        with translate_errors(self.path):
            descriptor = os.open(f"{self.path}.rebuilding", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRebuilding from None
            yield
            with suppress(StoreError):  # later rows fill the space as well
                self._give_space_back()
        finally:
            os.close(descriptor)

    def _give_space_back(self) -> None:
        """Remove unused pages from the file, in short transactions: other writers wait for each."""
        with translate_errors(self.path), closing(self.engine.raw_connection()) as connection:
            driver = cast("sqlite3.Connection", connection.driver_connection)
            (is_possible,) = driver.execute("PRAGMA auto_vacuum").fetchone()
            if not is_possible:  # an earlier version of airbook created the file
                driver.execute("VACUUM")
            while driver.execute("PRAGMA freelist_count").fetchone() != (0,):
                driver.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()

    def block_readers(self, connection: sql.Connection) -> None:
        """Do nothing: readers keep the snapshot with which they began."""

    def is_damaged(self, tables: Collection[str]) -> bool:
        """Check the file; return whether it is damaged or one of the named tables is gone.

        Raises StoreError if the file cannot be read.
        """
        with self.reading() as connection:
            # SQLite 3.40's quick_check reads wrong columns of a table without rowids whose key is
            # not its first columns, and reports NULL where there is none.
            answer = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            existing = sql.inspect(connection).get_table_names()
        return bool(answer != "ok") or not set(tables) <= set(existing)

    def is_gone(self) -> bool:
        """Return whether the file was removed or another one took its place."""
        return not is_same(self.place, self._opened_file)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self._on_close is not None:
            self._on_close()


def open_copy(path: Path, log: Log) -> Views:
    """Open a copy of views that cannot be written where they are; closing the views removes it.

    The copy can catch up with the log, and is built anew if there is nothing to copy or if it is
    damaged. Raises StoreError.
    """
    with translate_errors(path):
        folder = TemporaryDirectory(prefix="airbook-")
        copy = Path(folder.name, path.name)
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        with suppress(StoreError):
            return Views(SQLiteDatabase(copy, folder.cleanup), log)
        folder.cleanup()
        folder = TemporaryDirectory(prefix="airbook-")
        return Views(SQLiteDatabase(Path(folder.name, path.name), folder.cleanup), log)


def create_engine(path: Path) -> sql.Engine:
    """Return the engine of the file of the views."""
    url = sql.URL.create("sqlite", database=str(path))  # not parsed: a path may contain ? and %
    engine = sql.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, poolclass=sql.QueuePool)

    @sql_event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:  # noqa: ANN401 -- the driver's
        connection.isolation_level = None
        if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
            raise StoreError("store_name_taken", path)  # a log, made before its name was refused
        if not connection.execute("PRAGMA page_count").fetchone()[0]:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # it needs the write lock
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL mode a power failure can lose commits, but it cannot damage the file:
        # https://www.sqlite.org/pragma.html#pragma_synchronous
        connection.execute("PRAGMA synchronous = NORMAL")

    @sql_event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        patience = connection.get_execution_options().get("patience")
        if patience is None:
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience * 1_000:.0f}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
