"""The SQL that finds selected events, in the words of SQLite or of PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from airbook.eventlog.selection import (
    Among,
    Clause,
    Condition,
    Contains,
    Selection,
    SortOrder,
    Within,
)
from airbook.eventlog.stored_text import NOT_SHOWN

Query = tuple[str, list[object]]
FAR = 1_000  # rows: SQLite skips fewer quickly


class EventColumns(NamedTuple):
    """The columns of events in one database.

    table: its name. fields: the fields of a row, as `select` returns them. parameter: a
    placeholder. position: the column. unindexed: the position, where another index should be used.
    values: for each column, an expression to compare. sorted_by: for columns that are sorted by
    another value, an expression for it. contains: writes the condition that the text of a column
    contains a part.
    """

    table: str
    fields: str
    parameter: str
    position: str
    unindexed: str
    values: Mapping[str, str]
    sorted_by: Mapping[str, str]
    contains: Callable[[str, str], Query]


class EventQueries:
    """The queries of one database."""

    def __init__(self, columns: EventColumns) -> None:
        self._columns = columns

    def count(self, selection: Selection) -> Query:
        """Write the query that counts the selected events."""
        where, values = self._where(selection)
        return f"SELECT count(*) FROM {self._columns.table} WHERE {where}", values

    def count_before(self, selection: Selection, order: SortOrder, position: int) -> Query:
        """Write the query that counts the selected events before one position in an order."""
        query, values = self.count(selection)
        columns, p = self._columns, self._columns.parameter
        sign = ">" if order.descending else "<"
        if order.column == "position":
            return f"{query} AND {columns.position} {sign} {p}", [*values, position]
        value = self._sorted_by(order)
        of_it = f"(SELECT {value} FROM {columns.table} WHERE {columns.position} = {p})"
        before = (
            f"({value} {sign} {of_it} OR ({value} = {of_it} AND {columns.position} {sign} {p}))"
        )
        return f"{query} AND {before}", [*values, position, position, position]

    def select(self, selection: Selection, order: SortOrder, first: int, limit: int) -> Query:
        """Write the query that lists selected events in an order, skipping `first` of them."""
        columns, p = self._columns, self._columns.parameter
        by = ", ".join(
            f"{one} {'DESC' if order.descending else 'ASC'}" for one in self._keys(selection, order)
        )
        where, values = self._where(selection)
        # Positions alone are sorted faster than whole events.
        places = (
            f"SELECT {columns.position} AS place FROM {columns.table} WHERE {where} ORDER BY {by}"
        )
        if first > FAR and order.column != "position":
            # SQLite sorts quickly without a limit, but with a limit it skips many rows slowly.
            places = f"WITH sorted AS MATERIALIZED ({places}) SELECT place FROM sorted"
        query = (
            f"SELECT {columns.fields} FROM {columns.table} WHERE {columns.position}"
            f" IN ({places} LIMIT {p} OFFSET {p}) ORDER BY {by}"
        )
        return query, [*values, limit, first]

    def _keys(self, selection: Selection, order: SortOrder) -> Sequence[str]:
        # Within a stream, versions are in the order of positions, and the stream's index has them.
        if order.column == "position":
            return [self._columns.position if selection.stream is None else "originator_version"]
        return [self._sorted_by(order), self._columns.position]

    def _sorted_by(self, order: SortOrder) -> str:
        columns = self._columns
        return columns.sorted_by.get(order.column, columns.values[order.column])

    def _where(self, selection: Selection) -> Query:
        columns, p = self._columns, self._columns.parameter
        position = columns.position if selection.stream is None else columns.unindexed
        terms = [f"{position} > {p} AND {position} <= {p}"]
        values: list[object] = [selection.after, selection.until]
        for clause in selection.clauses:
            term, more = self._clause(clause)
            terms.append(term)
            values += more
        return " AND ".join(terms), values

    def _clause(self, clause: Clause) -> Query:
        written = [self._condition(one) for one in clause]
        either = " OR ".join(term for term, _ in written) or "1 = 0"
        return f"({either})", [value for _, values in written for value in values]

    def _condition(self, condition: Condition) -> Query:
        columns, p = self._columns, self._columns.parameter
        match condition:
            case Among(column, listed):
                places = ", ".join([p] * len(listed))
                return f"{columns.values[column]} IN ({places})", list(listed)
            case Within(column, first, end):
                value = columns.values[column]
                return f"({value} >= {p} AND {value} < {p})", [first, end]
            case Contains(column, part):
                return columns.contains(column, part)


def without_hidden(text: str) -> str:
    """Write the expression that removes the fields that are not shown from a text."""
    for field in NOT_SHOWN:
        text = f"replace({text}, '{field}', '')"
    return text
