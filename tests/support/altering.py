"""Altering single values of a SQLite file past its triggers, its types and its NOT NULL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.stores import by_hand

NOT_UTF8 = "CAST(x'FFFE41' AS TEXT)"
VALUES = {
    "NULL": "NULL",
    "not UTF-8": NOT_UTF8,
    "empty": "''",
    "bytes": "x'00ff'",
    "a word": "'soon'",
    "year 1": "'0001-01-01T00:00:00.000Z'",
    "year 9999": "'9999-12-31T23:59:59.999Z'",
    "negative": "-1",
    "huge": "9223372036854775807",
    "a fraction": "1.5",
}


class Column(NamedTuple):
    """A column of a table."""

    table: str
    name: str


def tables_of(file: Path) -> list[str]:
    """List the tables of a file."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with by_hand(file) as connection:
        return [name for (name,) in connection.execute(query)]


def columns_of(file: Path, table: str) -> list[Column]:
    """List the columns of a table."""
    with by_hand(file) as connection:
        rows = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return [Column(table, name) for (name,) in rows]


def alter(file: Path, *statements: str) -> bool:
    """Execute statements without triggers, CHECK and NOT NULL; all of these are there afterwards.

    Returns False if SQLite cannot store what a statement says, or it changes nothing.
    """
    with by_hand(file) as connection:
        before = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        set_schema(
            connection, [(name, sql.replace(" NOT NULL", "")) for name, sql in before if sql]
        )
    with by_hand(file) as connection:
        try:
            changed = [connection.execute(statement).rowcount for statement in statements]
        except sqlite3.IntegrityError:
            changed = [0]
    with by_hand(file) as connection:
        set_schema(connection, [(name, sql) for name, sql in before if sql])
        for _, sql in triggers:
            with suppress(sqlite3.OperationalError):  # the table of the trigger is gone
                connection.execute(sql)
    return all(changed)


def set_schema(connection: sqlite3.Connection, statements: Sequence[tuple[str, str]]) -> None:
    """Replace the stored statements of tables, which SQLite reads when a file is opened."""
    connection.execute("PRAGMA writable_schema = ON")
    for name, sql in statements:
        connection.execute(
            "UPDATE sqlite_schema SET sql = ? WHERE name = ? AND type = 'table'", (sql, name)
        )
    connection.execute("PRAGMA writable_schema = OFF")
