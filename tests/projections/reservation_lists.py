"""Reservations selected and sorted in memory, to compare lists with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sql

from airbook.eventlog.selection import Among, Clause, Condition, Contains, SortOrder, Within, fold
from airbook.projections.models.reservation_list import (
    ALL,
    ReservationList,
    ReservationSelection,
)
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.store import Views


def selected(rows: Iterable[ReservationRow], clauses: Sequence[Clause]) -> list[ReservationRow]:
    """List the reservations for which every clause holds."""
    return [row for row in rows if all(any(holds(row, one) for one in some) for some in clauses)]


def holds(row: ReservationRow, condition: Condition) -> bool:
    """Return whether a condition holds for a reservation."""
    value = getattr(row, condition.column)
    if value is None:
        return False
    match condition:
        case Among(_, values):
            return value in values
        case Within(_, first, end):
            return bool(first <= value < end)
        case Contains(_, part):
            return part in fold(str(value))


def in_order(
    rows: Iterable[ReservationRow], order: SortOrder, customers: Sequence[str]
) -> list[ReservationRow]:
    """Sort reservations; those without a value are the last ones. customers: ids by name."""

    def value_of(row: ReservationRow) -> str | int | None:
        if order.column == "customer":
            return customers.index(row.customer) if row.customer in customers else None
        value: str | int | None = getattr(row, order.column)
        return value

    valued = [row for row in rows if value_of(row) is not None]
    missing = [row for row in rows if value_of(row) is None]
    valued.sort(key=lambda row: (value_of(row), row.id), reverse=order.descending)
    missing.sort(key=lambda row: row.id, reverse=order.descending)
    return valued + missing


def list_of(
    views: Views,
    connection: sql.Connection,
    selection: ReservationSelection = ALL,
    *,
    as_of: int | None = None,
) -> ReservationList:
    """Open a list of reservations."""
    return ReservationList(connection, views.database.list_texts, selection, as_of=as_of)
