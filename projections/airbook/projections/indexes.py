"""Indexes of some rows of a table that remembers: those of the present, or those of the past."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

FOREVER = "until IS NULL"
OVER = "until IS NOT NULL"


def present(column: sql.Column[Any]) -> str:
    """Select the rows of the present that are looked up by a column."""
    # Not where it cannot be NULL: SQLite would not see that it may use the index.
    return f"{FOREVER} AND {column.name} IS NOT NULL" if column.nullable else FOREVER


def partial(name: str, where: str, *columns: str, unique: bool = False) -> sql.Index:
    """Describe an index of some of the rows."""
    some = sql.text(where)
    return sql.Index(name, *columns, unique=unique, sqlite_where=some, postgresql_where=some)
