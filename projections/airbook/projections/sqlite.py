"""Views in a file of SQLite's beside the log."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Collection, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import event as sql_event

from airbook.eventlog.sqlite.connection import is_replaced, retry_while_busy
from airbook.eventlog.sqlite.errors import translate_errors
from airbook.projections.database import AlreadyRebuilding, create_missing

BUSY_SECONDS = 5.0


class FileDatabase:
    """Views in a file beside the log: rebuildable, so a commit need not wait for the disk."""

    def __init__(self, path: Path) -> None:
        """path: the SQLite file; made, for its owner alone, if it is not there."""
        self.path = path
        with translate_errors(path):
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._made = path.stat()
        self.engine = connect(path)

    @contextmanager
    def reading(self) -> Generator[sql.Connection]:
        """Read everything as of one moment."""
        with (
            translate_errors(self.path, damaged="views_damaged"),
            self.engine.begin() as connection,
        ):
            yield connection

    def reading_long(self) -> AbstractContextManager[sql.Connection]:
        """Read everything as of one moment, however long it takes."""
        return self.reading()

    @contextmanager
    def writing(self) -> Generator[sql.Connection]:
        """Write in one transaction, which holds the write lock from its beginning."""
        with (
            translate_errors(self.path, damaged="views_damaged"),
            self.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            yield connection

    def prepare(
        self, is_ready: Callable[[sql.Connection], bool], create: Callable[[sql.Connection], None]
    ) -> None:
        """Create what is missing, one process at a time."""
        retry_while_busy(lambda: create_missing(self, is_ready, create))

    @contextmanager
    def rebuilding(self) -> Generator[None]:
        """Let nobody else rebuild meanwhile; the system frees the lock of a process that dies."""
        descriptor = os.open(f"{self.path}.rebuilding", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise AlreadyRebuilding from None
        finally:
            os.close(descriptor)

    def hold_readers(self, connection: sql.Connection) -> None:
        """Do nothing: whoever reads goes on reading what was there when they began."""

    def is_damaged(self, tables: Collection[str]) -> bool:
        """Tell whether SQLite finds fault with the file, or one of some tables is gone.

        Raises StoreError if it cannot be read.
        """
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            there = sql.inspect(connection).get_table_names()
        return bool(found != "ok") or not set(tables) <= set(there)

    def is_gone(self) -> bool:
        """Tell whether the file was taken away, or another one put in its place."""
        return is_replaced(self.path, self._made)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def connect(path: Path) -> sql.Engine:
    """Open the views' file."""
    url = sql.URL.create("sqlite", database=str(path))  # not parsed: a path may hold ? and %
    engine = sql.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, poolclass=sql.QueuePool)

    @sql_event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:  # noqa: ANN401 -- the driver's
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # in WAL mode: never damaged, only older

    @sql_event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
