"""The lookups and writes of one commit in SQLite."""

from __future__ import annotations

from collections.abc import Sequence

from eventsourcing.sqlite import SQLiteCursor
from msgspec import json

from airbook.eventlog.rows import Lookup, LookupResult, Rows
from airbook.eventlog.sql import Dialect, Statements, Values, lookup_result
from airbook.eventlog.sqlite.texts import rows_of

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
    answers: dict[int, Sequence[Values]] = {}
    for place, statement, values in STATEMENTS.lookups(lookup):
        answers[place] = rows_of(c, statement, values)
    return lookup_result(answers)


def insert(c: SQLiteCursor, rows: Rows) -> None:
    """Insert rows, table by table."""
    if rows.events:
        c.executemany(INSERT_EVENTS, rows.events)
    for statement, values in STATEMENTS.inserts(rows):
        c.executemany(statement, values)
