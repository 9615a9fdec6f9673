"""Real stores in real files, opened for a test."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from airbook.domain.log import Log
from airbook.domain.sqlite import SQLiteLog
from airbook.domain.vocabulary import VOCABULARY, Vocabulary


def followers(store: Path) -> Path:
    """Name the folder of those who want to be woken."""
    return store.with_name(f"{store.name}.followers")


@contextmanager
def open_log(store: Path, vocabulary: Vocabulary = VOCABULARY) -> Generator[Log]:
    with closing(SQLiteLog(store)) as recorder:
        yield Log(recorder, followers(store), vocabulary)


@contextmanager
def by_hand(store: Path) -> Generator[sqlite3.Connection]:
    """Open a store without airbook, as anyone with a copy of SQLite can; commits at once."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        yield connection


def everything_in(store: Path) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """Read every table of a store, whole."""
    with by_hand(store) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
            for (name,) in tables
        }


def store_as_is(store: Path, stream: str, version: int, topic: str, state: bytes) -> None:
    """Append what airbook would never write."""
    with by_hand(store) as connection:
        row = (stream, version, topic, state)
        connection.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
