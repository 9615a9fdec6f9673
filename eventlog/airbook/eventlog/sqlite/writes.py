"""The lookups and writes of one commit in SQLite."""

from __future__ import annotations

from collections.abc import Sequence

from eventsourcing.sqlite import SQLiteCursor
from msgspec import json

from airbook.eventlog.rows import Lookup, LookupResult, Rows
from airbook.eventlog.sql import Dialect, Statements, lookup_result

INSERT_EVENTS = (
    "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)"
    " VALUES (?, ?, ?, ?, ?)"
)


def json_array(texts: Sequence[str]) -> str:
    """Write texts in the form that SQLite's json_each reads."""
    return json.encode(sorted(set(texts))).decode()


STATEMENTS = Statements(
    Dialect(
        schema="",
        parameter="?",
        among="IN (SELECT value FROM json_each(?))",
        each="json_each(?)",
        array=json_array,
        position="rowid",
        checkpoints="tracking",
        binary="",
        greatest="max",
        find="instr",
    )
)


def look_up(c: SQLiteCursor, lookup: Lookup) -> LookupResult:
    """Execute a lookup."""
    answers = list[Sequence[tuple[object, ...]]]()
    for statement, values in STATEMENTS.lookups(lookup):
        if statement:
            c.execute(statement, values)
        answers.append(c.fetchall() if statement else ())
    return lookup_result(answers)


def insert(c: SQLiteCursor, rows: Rows) -> None:
    """Insert rows, table by table."""
    if rows.events:
        c.executemany(INSERT_EVENTS, map(tuple, rows.events))  # sqlite3 binds plain tuples quicker
    for statement, values in STATEMENTS.inserts(rows):
        if values:
            c.executemany(statement, values)
