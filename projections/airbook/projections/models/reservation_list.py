"""A list of reservations of any length, which reads only the rows that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sql
from msgspec import Struct

from airbook.domain.reservation import STATUSES
from airbook.eventlog.selection import Among, Clause, SortOrder
from airbook.projections.database import ListTexts
from airbook.projections.models.customer_groups import Group, groups, parts
from airbook.projections.models.reservation_conditions import condition_of, in_order, rows_before
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import TABLE
from airbook.projections.models.totals import totals
from airbook.projections.temporal import rows_of, true_at

CHANGING = {"status", "seat", "reason", "decided_at"}
FAR = 1_000  # rows: SQLite skips fewer quickly
Query = sql.Select[Any]
Condition = sql.ColumnElement[bool]


class ReservationSelection(Struct, frozen=True):
    """The reservations of a list, for which every clause holds, and their order.

    customers: the ids of all customers by name, for the order by customer; the others come last.
    """

    clauses: tuple[Clause, ...] = ()
    order: SortOrder = SortOrder("id", descending=True)
    customers: Sequence[str] = ()

    @property
    def columns(self) -> set[str]:
        """Return the columns that decide which rows are in the list, and where."""
        return {one.column for clause in self.clauses for one in clause} | {self.order.column}

    @property
    def status(self) -> str | None:
        """Return the status that is the only condition; None if there are other conditions."""
        match self.clauses:
            case ((Among("status", (str() as status,)),),):
                return status if status in STATUSES else None
            case _:
                return None


ALL = ReservationSelection()


class ReservationList:
    """A list of reservations, as of one log position.

    The reservations of a past position are those of today up to a number, and neither the airplane
    nor the customer of a reservation changes. So the indexes over present rows find them, unless
    they are selected or sorted by a column that changes.
    """

    def __init__(
        self,
        connection: sql.Connection,
        list_texts: ListTexts,
        selection: ReservationSelection = ALL,
        *,
        as_of: int | None = None,
    ) -> None:
        """Read the totals, which give the length of most lists.

        connection: in a read transaction. list_texts: of the database. as_of: a log position; None
        means now.
        """
        self.connection = connection
        self.selection = selection
        self.order = selection.order
        self.column = TABLE.c[self.order.column]
        self.as_of = as_of
        self.counts = totals(connection, as_of=as_of)
        self._list_texts = list_texts

    @cached_property
    def total(self) -> int:
        """Count the reservations of the list."""
        status = self.selection.status
        if (status or not self.selection.clauses) and self._has_no_gaps():
            return int(getattr(self.counts, status or "newest"))
        return self._count()

    def before(self, number: int) -> int | None:
        """Count the reservations before one, which need not be in the list itself.

        Returns None if there is no such reservation, and the list is not in the order of numbers.
        """
        if self._contains_all_by_number():
            before = self.counts.newest - number if self.order.descending else number - 1
            return min(max(0, before), self.counts.newest)
        if self.order.column == "id":
            return self._count(rows_before(self.order, number, number))
        query = sql.select(self.column).where(TABLE.c.id == number, true_at(TABLE, self.as_of))
        row = self.connection.execute(query).first()
        if row is None:
            return None
        if self.order.column == "customer":
            return self._before_of_customer(row[0], number)
        return self._count(rows_before(self.order, row[0], number))

    def rows(self, first: int, limit: int) -> list[ReservationRow]:
        """Read at most `limit` rows. first: the place of the first row in the list, from 0."""
        numbers = self._numbers(first, limit)
        query = sql.select(TABLE).where(TABLE.c.id.in_(numbers), true_at(TABLE, self.as_of))
        found = {row.id: row for row in rows_of(self.connection, query, ReservationRow)}
        return [found[number] for number in numbers]

    def _has_no_gaps(self) -> bool:
        requested = sum(int(getattr(self.counts, status)) for status in STATUSES)
        return requested == self.counts.newest  # an unreadable request has no row

    def _contains_all_by_number(self) -> bool:
        is_all = not self.selection.clauses and self.order.column == "id"
        return is_all and self._has_no_gaps()

    def _numbers(self, first: int, limit: int) -> Sequence[int]:
        if self._contains_all_by_number():
            newest = self.counts.newest
            places = range(first, min(first + limit, newest))
            return [newest - place if self.order.descending else place + 1 for place in places]
        if self.order.column == "customer":
            return self._numbers_by_customer(list(parts(self._groups, first, limit)))
        limit = min(limit, self.total - first)
        from_end = self.total - first - limit
        if limit <= 0:
            return []
        if from_end < first:
            return self._sorted_numbers(from_end, limit, backwards=True)[::-1]
        return self._sorted_numbers(first, limit, backwards=False)

    def _sorted_numbers(self, first: int, limit: int, *, backwards: bool) -> Sequence[int]:
        keys = self._keys()
        keys = keys.order_by(
            *in_order(self.order, dict(keys.selected_columns.items()), backwards=backwards)
        )
        if first > FAR and self.order.column != "id":
            # SQLite sorts quickly without a limit, but with a limit it skips many rows slowly.
            keys = sql.select(keys.cte("sorted").prefix_with("MATERIALIZED").c.id)
        return self.connection.execute(keys.limit(limit).offset(first)).scalars().all()

    @cached_property
    def _groups(self) -> list[Group]:
        keys = self._keys(self.column.is_not(None)).subquery()
        query = sql.select(keys.c.customer, sql.func.count()).group_by(keys.c.customer)
        counts: dict[str | None, int] = {row[0]: row[1] for row in self.connection.execute(query)}
        if without := self.total - sum(counts.values()):
            counts[None] = without
        return groups(counts, self.selection.customers, descending=self.order.descending)

    def _before_of_customer(self, customer: str | None, number: int) -> int:
        before, own = 0, Group((customer,), 0, 0, 0)
        names = set(self.selection.customers)
        for group in self._groups:
            if customer in group.customers or (customer not in names and not group.is_whole):
                own = group
                break
            before += group.length
        return before + self._count(
            self._belongs_to(own.customers), rows_before(self.order, None, number)
        )

    def _numbers_by_customer(self, shown: Sequence[Group]) -> Sequence[int]:
        whole = [group.customers[0] for group in shown if group.is_whole]
        by_customer = dict[str | None, list[int]]()
        for number, customer in self._of_customers(whole) if whole else ():
            by_customer.setdefault(customer, []).append(number)
        numbers = list[int]()
        for group in shown:
            if group.is_whole:
                numbers += by_customer[group.customers[0]]
            else:
                found = self._of_customers(group.customers, group.offset, group.limit)
                numbers += [number for number, _ in found]
        return numbers

    def _of_customers(
        self, customers: Sequence[str | None], offset: int = 0, limit: int | None = None
    ) -> Sequence[Any]:
        keys = self._keys(self._belongs_to(customers))
        number = keys.selected_columns.id
        keys = keys.order_by(number.desc() if self.order.descending else number)
        return self.connection.execute(keys.limit(limit).offset(offset)).all()

    def _belongs_to(self, customers: Sequence[str | None]) -> Condition:
        named = tuple(one for one in customers if one is not None)
        listed = condition_of(Among("customer", named), self._list_texts)
        return listed if len(named) == len(customers) else sql.or_(listed, self.column.is_(None))

    def _count(self, *conditions: Condition) -> int:
        query = sql.select(sql.func.count()).select_from(self._keys(*conditions).subquery())
        return int(self.connection.execute(query).scalar_one())

    def _keys(self, *conditions: Condition) -> Query:
        columns = {"id": TABLE.c.id, self.order.column: self.column}
        clauses = (
            sql.or_(sql.false(), *(condition_of(one, self._list_texts) for one in clause))
            for clause in self.selection.clauses
        )
        keys = sql.select(*columns.values()).where(*clauses, *conditions)
        present = keys.where(TABLE.c.until.is_(None))
        if self.as_of is None:
            return present
        if not self.selection.columns & CHANGING:
            return present.where(TABLE.c.id <= self.counts.newest)
        # Two queries, because past rows have an index of their own.
        begun = TABLE.c.since <= self.as_of
        past = keys.where(begun, TABLE.c.until > self.as_of)
        both = sql.union_all(present.where(begun), past).subquery()
        return sql.select(*both.c)
