"""Opening the log of a store with airbook, and reading its tables without airbook."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import sys
import termios
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.eventlog.codec import CODEC, Codec
from airbook.eventlog.log import Log
from airbook.eventlog.recorder import Recorder
from airbook.eventlog.rows import EventRow, Rows
from airbook.eventlog.sqlite.notification import wake_one
from tests.support.processes import SECONDS
from tests.support.waiting import until

Row = tuple[Any, ...]
Tables = Mapping[str, Sequence[Row]]

LISTENING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query = 'LISTEN airbook'"
)
FRAME = 24  # bytes before each page in a write-ahead log: https://www.sqlite.org/fileformat2.html


def subscribers(path: Path) -> Path:
    """Return the folder with the pipes of the listeners of a log in a file."""
    return path.with_name(f"{path.name}.subscribers")


def recorder_of(log: Log) -> Recorder:
    """Return the recorder of a log, which only the log itself uses otherwise."""
    recorder: Recorder = vars(log)["_recorder"]
    return recorder


@contextmanager
def open_log(store: Store | Path, codec: Codec = CODEC) -> Generator[Log]:
    """Open the log of a store. store: a store, or the path of a file."""
    log = (SQLiteStore(store) if isinstance(store, Path) else store).open_log(codec)
    with closing(log):
        yield log


@contextmanager
def by_hand(path: Path) -> Generator[sqlite3.Connection]:
    """Open a file with SQLite alone, without airbook; each statement is a commit."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def execute(store: Store | Path, statement: str, *values: object) -> list[Row]:
    """Execute one statement on a store without airbook; returns its rows."""
    if not isinstance(store, PostgresStore):
        with by_hand(path_of(store)) as connection:
            return connection.execute(statement, values).fetchall()
    import psycopg

    with psycopg.connect(store.secret_url, autocommit=True) as server:
        server.execute("SET search_path = airbook")
        cursor = server.execute(statement.replace("?", "%s").encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def path_of(store: Store | Path) -> Path:
    """Return the file of a log."""
    if isinstance(store, SQLiteStore):
        return store.path
    assert isinstance(store, Path)
    return store


def everything_in(store: Store | Path) -> Tables:
    """Return the rows of every table of a log."""
    if isinstance(store, PostgresStore):
        return namespace(store, "airbook")
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [name for (name,) in execute(store, names)]
    return {name: execute(store, f'SELECT * FROM "{name}"') for name in tables}  # noqa: S608


def every_view_in(store: Store) -> Tables:
    """Return the rows of every table of the views."""
    if isinstance(store, PostgresStore):
        return namespace(store, "airbook_views")
    return everything_in(path_of(store).with_name("airbook.views.db"))


def namespace(store: Store, name: str) -> Tables:
    """Return the rows of every table of a schema on a server."""
    names = "SELECT tablename FROM pg_tables WHERE schemaname = ?"
    tables = [table for (table,) in execute(store, names, name)]
    return {table: execute(store, f'SELECT * FROM {name}."{table}"') for table in tables}  # noqa: S608


def store_as_is(store: Store | Path, stream: str, version: int, topic: str, state: bytes) -> None:
    """Append an event that airbook would never write, without airbook."""
    position = ", (SELECT count(*) + 1 FROM stored_events)"
    last = position if isinstance(store, PostgresStore) else ""
    statement = f"INSERT INTO stored_events VALUES (?, ?, ?, ?{last})"  # noqa: S608
    execute(store, statement, stream, version, topic, state)


def insert_as_is(log: Log, stream: str, version: int, topic: str, state: bytes) -> None:
    """Append an event that airbook would never write, through the log itself."""
    log.insert(Rows(events=[EventRow(log.head() + 1, stream, version, topic, state)]))


def no_listener_is_left(store: Store) -> bool:
    """Return whether the log has no listener; a server learns of its end a moment later."""
    if not isinstance(store, PostgresStore):
        return not list(subscribers(path_of(store)).iterdir())
    deadline = time.monotonic() + SECONDS
    while listeners(store) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not listeners(store)


def listeners(store: Store | Path) -> int:
    """Count the listeners of a log."""
    if isinstance(store, PostgresStore):
        ((count,),) = execute(store, LISTENING)
        return int(count)
    return len(list(subscribers(path_of(store)).glob("[!.]*")))


def let_tick(path: Path) -> None:
    """Wait until the only listener of a log in a file has woken, looked at the log, and waits.

    It has looked at the log after the first wake-up once it has read the second one.
    """
    until(lambda: listeners(path), "a listener")
    (pipe,) = subscribers(path).glob("[!.]*")
    for _ in range(2):
        wake_one(str(pipe))
        until(lambda: not unread_bytes(pipe), "the listener to wake")


def unread_bytes(pipe: Path) -> int:
    """Return how many bytes a named pipe holds."""
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        held = fcntl.ioctl(descriptor, termios.FIONREAD, bytes(4))
    finally:
        os.close(descriptor)
    return int.from_bytes(held, sys.byteorder)


def transactions(store: Store) -> int:
    """Count the transactions of a log; of a file, those in its write-ahead log."""
    if isinstance(store, PostgresStore):
        ((count,),) = execute(store, "SELECT count(DISTINCT xmin::text) FROM stored_events")
        return int(count)
    written = Path(f"{path_of(store)}-wal").read_bytes()
    size = FRAME + int.from_bytes(written[8:12])
    return sum(any(written[at + 4 : at + 8]) for at in range(32, len(written), size))
