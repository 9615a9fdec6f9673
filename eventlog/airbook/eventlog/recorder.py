"""What a database must offer to hold the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from airbook.eventlog.codec import Codec
from airbook.eventlog.records import Answer, Customer, Key, Parked, Receipt, Transaction
from airbook.eventlog.rows import CommandRow, Rows

if TYPE_CHECKING:
    from eventsourcing.persistence import Notification, StoredEvent


class Selection(Struct, frozen=True):
    """Which events are meant: those behind a position, up to another.

    types: stored names without their versions; none leaves none out. stream: airplane-1.
    """

    after: int
    until: int
    types: tuple[str, ...] = ()
    stream: str | None = None


class Listener(Protocol):
    """One who wants to be woken when the log has grown."""

    def wait(self, seconds: float) -> bool:
        """Sleep until woken, at most that long; tell whether something woke us."""
        ...


class Recorder(Protocol):
    """What a database must offer to hold the log; the reads are the eventsourcing library's.

    Everything raises StoreError when the database cannot do it.
    """

    @property
    def identity(self) -> str:
        """Tell this log from every other."""
        ...

    def commit(self, transactions: Sequence[Transaction], codec: Codec) -> Sequence[Answer]:
        """Append what stands of some changes in one transaction; an answer for each."""
        ...

    def write(self, rows: Rows) -> None:
        """Add rows as they are, in one transaction: they come from another store.

        Raises Conflict if other rows stand where they belong.
        """
        ...

    def repeated(self, key: Key) -> Receipt | None:
        """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
        ...

    def wake(self) -> None:
        """Wake whoever listens, here and in other processes."""
        ...

    def listener(self) -> AbstractContextManager[Listener]:
        """Listen for events committed by anybody."""
        ...

    def select_events(self, originator_id: str, *, gt: int | None) -> Sequence[StoredEvent]:
        """List the events of a stream behind a version."""
        ...

    def select_notifications(
        self, start: int | None, limit: int, *, inclusive_of_start: bool
    ) -> Sequence[Notification]:
        """List events behind a position."""
        ...

    def count_events(self, selection: Selection) -> int:
        """Count the events that are meant."""
        ...

    def select_window(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool
    ) -> Sequence[Notification]:
        """List the events that are meant, by position, leaving out the first so many."""
        ...

    def max_notification_id(self) -> int | None:
        """Tell the last position."""
        ...

    def complaints(self) -> Sequence[str]:
        """List what is wrong with the database itself."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """Tell the last number given to each kind."""
        ...

    def tracked(self) -> Mapping[str, int]:
        """Tell how far every follower has come."""
        ...

    def commands(self, after: str, limit: int) -> Sequence[CommandRow]:
        """List idempotency keys behind one, in their order."""
        ...

    def customers(self, after: str, limit: int) -> Sequence[Customer]:
        """List customers behind an id, in the order of their ids."""
        ...

    def customer_ids(self, names: Sequence[str]) -> Mapping[str, str]:
        """Find the ids customers' names stand under; a name not known is missing."""
        ...

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Find the names of customers; one who was forgotten is missing."""
        ...

    def customers_named(self, beginning: str, limit: int) -> Sequence[str]:
        """List the ids of customers whose names begin so, at most `limit`, by name."""
        ...

    def parked(self) -> Sequence[Parked]:
        """List what is put aside."""
        ...

    def mark_parked(self, reservation: int, *, again: bool, dropped: bool) -> bool:
        """Ask for another try, or for none; False if it is not put aside."""
        ...

    def checkpoint(self, pages: int) -> None:
        """Say that about so many pages were written, here or elsewhere."""
        ...

    def is_gone(self) -> bool:
        """Tell whether it was taken away, or another one put in its place."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
