"""Partial indexes of a temporal table: over its present rows or over its past rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

IS_PRESENT = "until IS NULL"
IS_PAST = "until IS NOT NULL"


def key_index(table: str, key: str) -> sql.Index:
    """Return the index that finds the present row of a key; a key has one at most."""
    return partial_index(f"{table}_now", IS_PRESENT, key, unique=True)


def present_index(table: str, column: sql.Column[Any], key: str) -> sql.Index:
    """Return an index that finds present rows by a column, in the order of their keys."""
    # SQLite uses no index whose condition is NOT NULL of a column that cannot be NULL.
    condition = f"{IS_PRESENT} AND {column.name} IS NOT NULL" if column.nullable else IS_PRESENT
    return partial_index(f"{table}_{column.name}_now", condition, column.name, key)


def past_index(table: str, column: str, key: str) -> sql.Index:
    """Return an index that finds past rows by a column, in the order of their keys."""
    return partial_index(f"{table}_{column}_then", IS_PAST, column, key, "since", "until")


def partial_index(
    name: str, condition: str, *columns: str | sql.Column[Any], unique: bool = False
) -> sql.Index:
    """Return an index over the rows for which an SQL condition is true."""
    where = sql.text(condition)
    return sql.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
