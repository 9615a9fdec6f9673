"""A list of reservations of any length, which reads only the rows that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain.reservation import STATUSES
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import TABLE
from airbook.projections.models.totals import totals
from airbook.projections.temporal import rows_of, true_at

COUNTED_STATUSES = (None, *STATUSES)
Condition = sql.ColumnElement[bool]
Keys = sql.Select[Any] | sql.CompoundSelect[Any]


class ReservationSelection(Struct, frozen=True):
    """The reservations that a list contains.

    status: one of reservation.STATUSES. airplane: a number. customers: opaque ids. Each selects
    reservations of that value; None selects all.
    """

    status: str | None = None
    airplane: int | None = None
    customers: Sequence[str] | None = None


ALL = ReservationSelection()


class ReservationList:
    """A list of reservations by number, as of one log position.

    The reservations of a past position are those of today up to a number, and neither the airplane
    nor the customer of a reservation changes. So the indexes over present rows find them, unless
    they are selected by status.
    """

    def __init__(
        self,
        connection: sql.Connection,
        selection: ReservationSelection = ALL,
        *,
        as_of: int | None = None,
        newest_first: bool = True,
    ) -> None:
        """Read the totals, which give the length of most lists.

        connection: in a read transaction. as_of: a log position; None means now.
        """
        self.connection = connection
        self.selection = selection
        self.as_of = as_of
        self.newest_first = newest_first
        self.counts = totals(connection, as_of=as_of)

    def total(self) -> int:
        """Count the reservations of the list."""
        status = self.selection.status
        is_counted = self.selection == ReservationSelection(status) and status in COUNTED_STATUSES
        if is_counted and self._has_no_gaps():
            return int(getattr(self.counts, status or "newest"))
        return self._count()

    def before(self, number: int) -> int:
        """Count the reservations before a number; the list need not contain that number."""
        if self._contains_all():
            before = self.counts.newest - number if self.newest_first else number - 1
            return min(max(0, before), self.counts.newest)
        column = TABLE.c.id
        return self._count(column > number if self.newest_first else column < number)

    def rows(self, first: int, limit: int) -> list[ReservationRow]:
        """Read at most `limit` rows. first: the place of the first row in the list, from 0."""
        numbers = self._numbers(first, limit)
        query = sql.select(TABLE).where(TABLE.c.id.in_(numbers), true_at(TABLE, self.as_of))
        order = TABLE.c.id.desc() if self.newest_first else TABLE.c.id
        return rows_of(self.connection, query.order_by(order), ReservationRow)

    def _has_no_gaps(self) -> bool:
        requested = sum(int(getattr(self.counts, status)) for status in STATUSES)
        return requested == self.counts.newest  # an unreadable request has no row

    def _contains_all(self) -> bool:
        return self.selection == ALL and self._has_no_gaps()

    def _numbers(self, first: int, limit: int) -> Sequence[int]:
        if self._contains_all():
            newest = self.counts.newest
            places = range(first, min(first + limit, newest))
            return [newest - place if self.newest_first else place + 1 for place in places]
        query = self._keys().order_by(sql.desc("id") if self.newest_first else "id")
        return self.connection.execute(query.limit(limit).offset(first)).scalars().all()

    def _count(self, *conditions: Condition) -> int:
        query = sql.select(sql.func.count()).select_from(self._keys(*conditions).subquery())
        return int(self.connection.execute(query).scalar_one())

    def _keys(self, *conditions: Condition) -> Keys:
        keys = sql.select(TABLE.c.id).where(*self._conditions(), *conditions)
        present = keys.where(TABLE.c.until.is_(None))
        if self.as_of is None or self.selection.status is None:
            return present
        # Two queries, because past rows have an index of their own.
        begun = TABLE.c.since <= self.as_of
        return sql.union_all(present.where(begun), keys.where(begun, TABLE.c.until > self.as_of))

    def _conditions(self) -> Iterator[Condition]:
        status, airplane, customers = structs.astuple(self.selection)
        if self.as_of is not None:
            yield TABLE.c.id <= self.counts.newest
        if status is not None:
            yield TABLE.c.status == status
        if airplane is not None:
            yield TABLE.c.airplane == airplane
        if customers is not None:
            yield TABLE.c.customer.in_(customers)
