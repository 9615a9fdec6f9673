"""The registry of a SQL database: numbers, keys, customers, checkpoints, parked reservations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from airbook.eventlog.append import receipt_of
from airbook.eventlog.records import Customer, IdempotencyKey, ParkedReservation, Receipt
from airbook.eventlog.rows import KeyRow
from airbook.eventlog.sql import Statements, Values, parked_row

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


class SQLRegistry:
    """Keeps the registry in tables beside those of the events."""

    def __init__(self, datastore: Datastore, statements: Statements) -> None:
        self._datastore = datastore
        self._sql = statements

    def numbers(self) -> Mapping[str, int]:
        """Return the last number of each kind of stream."""
        return dict(self._datastore.read(self._sql.all_numbers))

    def checkpoints(self) -> Mapping[str, int]:
        """Return the checkpoint of every subscriber."""
        found: dict[str, int] = dict(self._datastore.read(self._sql.all_checkpoints))
        found.pop(LIBRARYS_OWN, None)
        return found

    def find_receipt(self, key: IdempotencyKey) -> Receipt | None:
        """Return the receipt stored under a key. Raises Refused (key_reused)."""
        row = next(iter(self._among(self._sql.keys, [key.key])), None)
        return receipt_of(key, row and KeyRow(*row))

    def keys(self, after: str, limit: int) -> Sequence[KeyRow]:
        """List idempotency keys in their order, after one of them."""
        return [KeyRow(*row) for row in self._datastore.read(self._sql.all_keys, after, limit)]

    def customers(self, after: str, limit: int) -> Sequence[Customer]:
        """List customers in the order of their ids, after one id."""
        rows = self._datastore.read(self._sql.all_customers, after, limit)
        return [Customer(*row) for row in rows]

    def customer_ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the ids of customers by name; an unknown name is missing."""
        return dict(self._among(self._sql.customer_ids, names))

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names of customers by id; a forgotten customer is missing."""
        return dict(self._among(self._sql.customer_names, ids))

    def customers_named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids of customers whose names begin with a text, by name."""
        end = beginning + LAST_CHARACTER
        return [
            row[0] for row in self._datastore.read(self._sql.customers_named, beginning, end, limit)
        ]

    def customers_with(self, part: str) -> Sequence[str]:
        """List the ids of customers whose names contain a part, which `fold` has returned."""
        return [row[0] for row in self._datastore.read(self._sql.customers_with, part)]

    def customers_by_name(self) -> Sequence[str]:
        """List the ids of all customers in the order of their folded names."""
        return [row[0] for row in self._datastore.read(self._sql.customers_by_name)]

    def parked(self) -> Sequence[ParkedReservation]:
        """List the parked reservations by number."""
        return [parked_row(row) for row in self._datastore.read(self._sql.all_parked)]

    def mark_parked(self, reservation: int, *, retry: bool, dropped: bool) -> bool:
        """Ask for a retry of a parked reservation, or drop it; return whether it is parked."""
        return bool(self._datastore.write(self._sql.mark_parked, retry, dropped, reservation))

    def _among(self, statement: str, texts: Sequence[str]) -> Sequence[Any]:
        return self._datastore.read(statement, self._sql.array(texts))
