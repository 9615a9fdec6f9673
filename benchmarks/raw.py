"""The baseline of writing: sqlite3 of the standard library, one table, synchronous=FULL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

STATE = b'{"at":"2026-11-22T09:00:00.000Z","data":{"airplane":1,"customer":"c0123456789abcdef"}}'
Row = tuple[str, int, str, bytes]


def open_raw(path: Path) -> sqlite3.Connection:
    """Open a file with a table of events."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE events (stream TEXT, version INTEGER, type TEXT, state BLOB,"
        " PRIMARY KEY (stream, version))"
    )
    return connection


def row(number: int) -> Row:
    """Return the row of an event."""
    return f"reservation-{number}", 1, "ReservationRequested", STATE


def commit(connection: sqlite3.Connection, rows: Sequence[Row]) -> float:
    """Insert rows in one commit; returns the seconds."""
    began = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    return perf_counter() - began
