"""The contract of a store: what a database must offer to hold the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from airbook.eventlog.codec import Codec
from airbook.eventlog.lease import Heartbeat
from airbook.eventlog.reads import Digests, Reads
from airbook.eventlog.records import (
    Customer,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
    Transaction,
    TransactionResult,
)
from airbook.eventlog.rows import KeyRow, Rows


class Names(Protocol):
    """Keeps the names of people, by the opaque ids in events. Every method raises StoreError."""

    def all(self, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """List ids with their names in the order of the ids, after one id."""
        ...

    def ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the ids by name; an unknown name is missing."""
        ...

    def names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names by id; a forgotten person is missing."""
        ...

    def named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids whose names begin with a text, by name."""
        ...

    def having(self, part: str) -> Sequence[str]:
        """List the ids whose names contain a part, which `fold` has returned."""
        ...


class Registry(Protocol):
    """Keeps the data of the log that are no events. Every method raises StoreError."""

    @property
    def actors(self) -> Names:
        """Return the names of actors."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """Return the last number of each kind of stream."""
        ...

    def is_unfinished(self) -> bool:
        """Return whether the log is a copy that is not verified yet."""
        ...

    def mark_unfinished(self) -> None:
        """Let every commit be refused, except those that copy rows."""
        ...

    def mark_finished(self) -> None:
        """Remove the mark of an unfinished copy."""
        ...

    def checkpoints(self) -> Mapping[str, int]:
        """Return the checkpoint of every subscriber."""
        ...

    def find_receipt(self, key: IdempotencyKey) -> Receipt | None:
        """Return the receipt stored under a key. Raises Refused (key_reused)."""
        ...

    def keys(self, after: str, limit: int) -> Sequence[KeyRow]:
        """List idempotency keys in their order, after one of them."""
        ...

    def customers(self, after: str, limit: int) -> Sequence[Customer]:
        """List customers in the order of their ids, after one id."""
        ...

    def customer_ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the ids of customers by name; an unknown name is missing."""
        ...

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the names of customers by id; a forgotten customer is missing."""
        ...

    def customers_named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids of customers whose names begin with a text, by name."""
        ...

    def customers_with(self, part: str) -> Sequence[str]:
        """List the ids of customers whose names contain a part, which `fold` has returned."""
        ...

    def customers_by_name(self) -> Sequence[str]:
        """List the ids of all customers in the order of their folded names."""
        ...

    def parked(self) -> Sequence[ParkedReservation]:
        """List the parked reservations by number."""
        ...

    def mark_parked(self, reservation: int, *, retry: bool, dropped: bool) -> bool:
        """Ask for a retry of a parked reservation, or drop it; return whether it is parked."""
        ...


class Listener(Protocol):
    """Waits for wake-ups."""

    def wait(self, seconds: float) -> bool:
        """Wait for a wake-up, at most so many seconds; return whether one came."""
        ...


class Notifier(Protocol):
    """Wakes the processes that wait for the log to grow."""

    def wake(self) -> None:
        """Wake every listener of the log, in all processes."""
        ...

    def listener(self) -> AbstractContextManager[Listener]:
        """Listen for new events of any process."""
        ...


class Diagnostics(Protocol):
    """Describes the state of a store."""

    def describe(self) -> tuple[str, int]:
        """Return the database with its version, and the size of the store in bytes."""
        ...

    def disk(self) -> tuple[int, int] | None:
        """Return the free and all bytes of the file system of the store; None of a server's."""
        ...

    def complaints(self) -> Sequence[str]:
        """List the faults of the database itself."""
        ...

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of the running daemons, by the name of the lease they hold."""
        ...

    def strays(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of daemons that hold a lease and work on a file that is gone."""
        ...

    def check_is_there(self) -> None:
        """Raise StoreError if the store was removed or replaced since it was opened."""
        ...


class CommitObserver(Protocol):
    """Is told of the commits of one process, in the thread that makes them."""

    def committed(
        self,
        transactions: Sequence[Transaction],
        results: Sequence[TransactionResult],
        seconds: float,
    ) -> None:
        """Note a commit. results: of the transactions. seconds: how long it took."""
        ...

    def synced(self, seconds: float) -> None:
        """Note how long the end of a transaction took, which waits for the disk."""
        ...


class Recorder(Protocol):
    """A store of the log. Every method raises StoreError."""

    @property
    def identity(self) -> str:
        """Return the id of this log; no other log has it."""
        ...

    @property
    def reads(self) -> Reads:
        """Return the part that reads stored events."""
        ...

    @property
    def registry(self) -> Registry:
        """Return the registry: numbers, keys, names, checkpoints and parked reservations."""
        ...

    @property
    def digests(self) -> Digests:
        """Return the part that reads the digests of the commits."""
        ...

    @property
    def notifier(self) -> Notifier:
        """Return the part that wakes the processes that wait for the log to grow."""
        ...

    @property
    def diagnostics(self) -> Diagnostics:
        """Return the part that describes the state of the store."""
        ...

    def append(
        self, transactions: Sequence[Transaction], codec: Codec
    ) -> Sequence[TransactionResult]:
        """Store transactions in one commit; returns a result for each, in order."""
        ...

    def insert(self, rows: Rows) -> None:
        """Insert rows of another store in one commit. Raises Conflict if other rows exist."""
        ...

    def note_written(self, pages: int) -> None:
        """Note that about so many pages were written by any process."""
        ...

    def observe(self, observer: CommitObserver) -> None:
        """Tell an observer how long the disk takes, where that can be measured."""
        ...

    def await_outcomes(self, seconds: float) -> None:
        """Find out for at least so long, from its beginning, whether a commit is stored."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
