"""The registry of a log in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock

from msgspec import structs

from airbook.eventlog.append import receipt_of
from airbook.eventlog.records import (
    Actor,
    Conflict,
    Customer,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
)
from airbook.eventlog.rows import UNFINISHED, KeyRow, Lookup, LookupResult, Rows
from airbook.eventlog.selection import fold


class MemoryNames:
    """Keeps the names of people by their ids in dictionaries."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def are_free(self, pairs: Sequence[tuple[str, str]]) -> bool:
        """Return whether no id and no name is taken, or occurs in two pairs."""
        ids, names = {one for one, _ in pairs}, {name for _, name in pairs}
        return len(ids - self._names.keys()) == len(pairs) and len(names - self._ids.keys()) == len(
            pairs
        )

    def insert(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Insert ids with their names."""
        self._names.update(pairs)
        self._ids.update({name: one for one, name in pairs})

    def all(self, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """List ids with their names in the order of the ids, after one id."""
        return [(one, self._names[one]) for one in sorted(self._names) if one > after][:limit]

    def ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the ids by name; an unknown name is missing."""
        return {name: self._ids[name] for name in names if name in self._ids}

    def names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names by id; a forgotten person is missing."""
        return {one: self._names[one] for one in ids if one in self._names}

    def named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids whose names begin with a text, by name."""
        return [self._ids[one] for one in sorted(self._ids) if one.startswith(beginning)][:limit]

    def having(self, part: str) -> Sequence[str]:
        """List the ids whose names contain a part, which `fold` has returned."""
        return [one for one, name in self._names.items() if part in fold(name)]

    def by_name(self) -> Sequence[str]:
        """List all ids in the order of the folded names."""
        return [self._ids[name] for name in sorted(self._ids, key=lambda one: (fold(one), one))]


class MemoryRegistry:
    """Keeps the registry in dictionaries.

    The recorder holds the lock while it calls `look_up`, `check_free` and `insert`.
    """

    def __init__(self, lock: Lock) -> None:
        """lock: the recorder's write lock."""
        self._lock = lock
        self._numbers: dict[str, int] = {}
        self._keys: dict[str, KeyRow] = {}
        self._customers = MemoryNames()
        self.actors = MemoryNames()
        self._checkpoints: dict[str, int] = {}
        self._parked: dict[int, ParkedReservation] = {}

    def look_up(self, lookup: Lookup, head: int, versions: dict[str, int]) -> LookupResult:
        """Execute a lookup. head: the last position. versions: the versions of its streams."""
        return LookupResult(
            head,
            dict(self._numbers),
            {key: self._keys[key] for key in lookup.keys if key in self._keys},
            versions,
            dict(self.customer_ids(lookup.customers)),
            {
                name: self._checkpoints[name]
                for name in lookup.subscribers
                if name in self._checkpoints
            },
            dict(self._parked) if lookup.parked else {},
            dict(self.actors.ids(lookup.actors)),
        )

    def check_free(self, rows: Rows) -> None:
        """Raise Conflict if a key, an id or a name is taken, or occurs in two rows."""
        keys = {row.key for row in rows.keys}
        if not (
            len(keys - self._keys.keys()) == len(rows.keys)
            and self._customers.are_free(pairs_of(rows.customers))
            and self.actors.are_free(pairs_of(rows.actors))
        ):
            raise Conflict

    def insert(self, rows: Rows) -> None:
        """Insert the rows of the registry."""
        raise_to(self._numbers, rows.numbers)
        self._keys.update({row.key: row for row in rows.keys})
        self._customers.insert(pairs_of(rows.customers))
        self.actors.insert(pairs_of(rows.actors))
        raise_to(self._checkpoints, rows.checkpoints)
        self._parked.update({one.reservation: one for one in rows.parked})
        for reservation in rows.settled:
            self._parked.pop(reservation, None)

    def numbers(self) -> Mapping[str, int]:
        """Return the last number of each kind of stream."""
        return {kind: last for kind, last in self._numbers.items() if kind != UNFINISHED}

    def is_unfinished(self) -> bool:
        """Return whether the log is a copy that is not verified yet."""
        return UNFINISHED in self._numbers

    def mark_unfinished(self) -> None:
        """Let every commit be refused, except those that copy rows."""
        with self._lock:
            self._numbers[UNFINISHED] = 0

    def mark_finished(self) -> None:
        """Remove the mark of an unfinished copy."""
        with self._lock:
            self._numbers.pop(UNFINISHED, None)

    def checkpoints(self) -> Mapping[str, int]:
        """Return the checkpoint of every subscriber."""
        return dict(self._checkpoints)

    def find_receipt(self, key: IdempotencyKey) -> Receipt | None:
        """Return the receipt stored under a key. Raises Refused (key_reused)."""
        return receipt_of(key, self._keys.get(key.key))

    def keys(self, after: str, limit: int) -> Sequence[KeyRow]:
        """List idempotency keys in their order, after one of them."""
        return [self._keys[key] for key in sorted(self._keys) if key > after][:limit]

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
        with self._lock:
            return [self._parked[number] for number in sorted(self._parked)]

    def mark_parked(self, reservation: int, *, retry: bool, dropped: bool) -> bool:
        """Ask for a retry of a parked reservation, or drop it; return whether it is parked."""
        with self._lock:
            if reservation not in self._parked:
                return False
            parked = self._parked[reservation]
            self._parked[reservation] = structs.replace(parked, retry=retry, dropped=dropped)
            return True


def pairs_of(people: Sequence[Customer | Actor]) -> Sequence[tuple[str, str]]:
    """Return the ids of customers or actors, each with its name."""
    return [(one.id, one.name or "") for one in people]


def raise_to(known: dict[str, int], given: Mapping[str, int]) -> None:
    """Raise known numbers to the given numbers; a number never goes down."""
    for name, number in given.items():
        known[name] = max(number, known.get(name, number))
