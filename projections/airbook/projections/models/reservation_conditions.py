"""The conditions and orders of a list of reservations, in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sql

from airbook.eventlog.selection import Among, Condition, Contains, SortOrder, Within
from airbook.projections.database import ListTexts
from airbook.projections.models.reservations import TABLE

Value = sql.ColumnElement[Any]
MOST_PARAMETERS = 500  # databases limit the number of parameters


def condition_of(condition: Condition, list_texts: ListTexts) -> sql.ColumnElement[bool]:
    """Write a condition in SQL."""
    column = TABLE.c[condition.column]
    match condition:
        case Among(_, (value,)):
            return column == value
        case Among("customer", values) if len(values) > MOST_PARAMETERS:
            listed = list_texts([str(one) for one in values])
            return column.in_(sql.select(listed.c.value))
        case Among(_, values):
            return column.in_(values)
        case Within(_, first, end):
            return sql.and_(column >= first, column < end)
        case Contains(_, part):
            is_text = isinstance(column.type, sql.String)
            text = sql.func.lower(column) if is_text else sql.cast(column, sql.String)
            return text.contains(part, autoescape=True)


def in_order(order: SortOrder, keys: Mapping[str, Value], *, backwards: bool) -> Iterator[Value]:
    """Yield what rows are sorted by. backwards: from the last row of the list to the first one."""
    if TABLE.c[order.column].nullable:
        missing = keys[order.column].is_(None)
        yield missing.desc() if backwards else missing
    for name in dict.fromkeys((order.column, "id")):
        yield keys[name].desc() if order.descending != backwards else keys[name]


def rows_before(order: SortOrder, value: object, number: int) -> sql.ColumnElement[bool]:
    """Write the condition for rows before one row.

    number: of that row. value: its value in the order; None if it has none, or if only rows without
    a value are compared.
    """
    column, number_column = TABLE.c[order.column], TABLE.c.id

    def is_before(one: Value, other: object) -> sql.ColumnElement[bool]:
        return one > other if order.descending else one < other

    if order.column in {"id", "customer"}:
        return is_before(number_column, number)
    if value is None:
        return sql.or_(column.is_not(None), is_before(number_column, number))
    same = sql.and_(column == value, is_before(number_column, number))
    return sql.or_(is_before(column, value), same)
