"""The registry of a SQL database: numbers, keys, names, checkpoints, parked reservations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import Any, Protocol

from airbook.eventlog.append import receipt_of
from airbook.eventlog.errors import DamagedRow, StoreError, check_types
from airbook.eventlog.records import Customer, IdempotencyKey, ParkedReservation, Receipt
from airbook.eventlog.rows import UNFINISHED, KeyRow
from airbook.eventlog.sql import (
    KEYED,
    NUMBERED,
    PARKED,
    NameStatements,
    Statements,
    Values,
    parked_row,
)

Types = Sequence[type | UnionType]  # of columns
TEXTS: Types = (str, str)
LIBRARYS_OWN = "__migration__"  # a row that the eventsourcing library keeps among checkpoints
LAST_CHARACTER = "\U0010ffff"  # no name contains it


class Datastore(Protocol):
    """Executes each statement in its own transaction. Both methods raise StoreError."""

    def read(self, statement: str, *values: object) -> Sequence[Values]:
        """Return the rows of a query."""
        ...

    def write(self, statement: str, *values: object) -> Sequence[Values]:
        """Execute a statement that changes rows; returns the rows of its RETURNING clause."""
        ...

    def damaged(self) -> StoreError:
        """Return the error that reports a damaged row."""
        ...


class SQLNames:
    """Keeps the names of people by their ids in one table."""

    def __init__(
        self,
        datastore: Datastore,
        statements: NameStatements,
        array: Callable[[Sequence[str]], object],
    ) -> None:
        """array: turns texts into the parameter of a statement for many of them."""
        self._datastore = datastore
        self._sql = statements
        self._array = array

    def all(self, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """List ids with their names in the order of the ids, after one id."""
        rows = self._read(self._sql.all, after, limit)
        return [(one, name) for one, name in following(self._datastore, rows, after)]

    def ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the ids by name; an unknown name is missing."""
        return dict(self._read(self._sql.ids, self._array(names)))

    def names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names by id; a forgotten person is missing."""
        return dict(self._read(self._sql.names, self._array(ids)))

    def named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids whose names begin with a text, by name."""
        end = beginning + LAST_CHARACTER
        return [row[0] for row in self._read(self._sql.named, beginning, end, limit)]

    def having(self, part: str) -> Sequence[str]:
        """List the ids whose names contain a part, which `fold` has returned."""
        return [row[0] for row in self._read(self._sql.having, part)]

    def by_name(self) -> Sequence[str]:
        """List all ids in the order of the folded names."""
        return [row[0] for row in self._read(self._sql.by_name)]

    def _read(self, statement: str, *values: object) -> Sequence[Any]:
        return read_checked(self._datastore, statement, TEXTS, *values)


class SQLRegistry:
    """Keeps the registry in tables beside those of the events."""

    def __init__(self, datastore: Datastore, statements: Statements) -> None:
        self._datastore = datastore
        self._sql = statements
        self._customers = SQLNames(datastore, statements.customers, statements.array)
        self.actors = SQLNames(datastore, statements.actors, statements.array)

    def numbers(self) -> Mapping[str, int]:
        """Return the last number of each kind of stream."""
        found: dict[str, int] = dict(self._read(self._sql.all_numbers, NUMBERED))
        found.pop(UNFINISHED, None)
        return found

    def is_unfinished(self) -> bool:
        """Return whether the log is a copy that is not verified yet."""
        return UNFINISHED in dict(self._read(self._sql.all_numbers, NUMBERED))

    def mark_unfinished(self) -> None:
        """Let every commit be refused, except those that copy rows."""
        self._datastore.write(self._sql.add_number, UNFINISHED)

    def mark_finished(self) -> None:
        """Remove the mark of an unfinished copy."""
        self._datastore.write(self._sql.remove_number, UNFINISHED)

    def checkpoints(self) -> Mapping[str, int]:
        """Return the checkpoint of every subscriber."""
        found: dict[str, int] = dict(self._read(self._sql.all_checkpoints, NUMBERED))
        found.pop(LIBRARYS_OWN, None)
        return found

    def find_receipt(self, key: IdempotencyKey) -> Receipt | None:
        """Return the receipt stored under a key. Raises Refused (key_reused)."""
        row = next(iter(self._read(self._sql.keys, KEYED, self._sql.array([key.key]))), None)
        return receipt_of(key, row and KeyRow(*row))

    def keys(self, after: str, limit: int) -> Sequence[KeyRow]:
        """List idempotency keys in their order, after one of them."""
        rows = self._read(self._sql.all_keys, KEYED, after, limit)
        return [KeyRow(*row) for row in following(self._datastore, rows, after)]

    def customers(self, after: str, limit: int) -> Sequence[Customer]:
        """List customers in the order of their ids, after one id."""
        return [Customer(*pair) for pair in self._customers.all(after, limit)]

    def customer_ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the ids of customers by name; an unknown name is missing."""
        return self._customers.ids(names)

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names of customers by id; a forgotten customer is missing."""
        return self._customers.names(ids)

    def customers_named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids of customers whose names begin with a text, by name."""
        return self._customers.named(beginning, limit)

    def customers_with(self, part: str) -> Sequence[str]:
        """List the ids of customers whose names contain a part, which `fold` has returned."""
        return self._customers.having(part)

    def customers_by_name(self) -> Sequence[str]:
        """List the ids of all customers in the order of their folded names."""
        return self._customers.by_name()

    def parked(self) -> Sequence[ParkedReservation]:
        """List the parked reservations by number."""
        return [parked_row(row) for row in self._read(self._sql.all_parked, PARKED)]

    def mark_parked(self, reservation: int, *, retry: bool, dropped: bool) -> bool:
        """Ask for a retry of a parked reservation, or drop it; return whether it is parked."""
        return bool(self._datastore.write(self._sql.mark_parked, retry, dropped, reservation))

    def _read(self, statement: str, types: Types, *values: object) -> Sequence[Any]:
        return read_checked(self._datastore, statement, types, *values)


def read_checked(
    datastore: Datastore, statement: str, types: Types, *values: object
) -> Sequence[Any]:
    """Return the rows of a query. types: of their columns. Raises StoreError."""
    rows = datastore.read(statement, *values)
    try:
        check_types(rows, types)
    except DamagedRow as error:
        raise datastore.damaged() from error
    return rows


def following(datastore: Datastore, rows: Sequence[Any], after: str) -> Sequence[Any]:
    """Refuse rows that would be read again and again: a text was no UTF-8, or rows moved."""
    if rows and rows[-1][0] <= after:
        raise datastore.damaged()
    return rows
