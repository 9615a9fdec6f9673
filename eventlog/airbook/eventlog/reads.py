"""The contract of reading a store: its events, and the digests that its commits left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from airbook.eventlog.rows import DigestRow, EventRow

if TYPE_CHECKING:
    from eventsourcing.persistence import Notification

    from airbook.eventlog.selection import Selection, SortOrder


class Reads(Protocol):
    """Reads stored events."""

    def max_notification_id(self) -> int | None:
        """Return the last position."""
        ...

    def select_rows(self, position: int, limit: int) -> list[EventRow]:
        """List the events after a position as they are stored."""
        ...

    def select_stream(self, stream: str, after: int) -> Sequence[Notification]:
        """List the events of a stream after a version, with their positions."""
        ...

    def select_positions(self, positions: Sequence[int]) -> Sequence[Notification]:
        """List the events at some positions, oldest first."""
        ...

    def count_events(self, selection: Selection) -> int:
        """Count the selected events."""
        ...

    def count_events_before(self, selection: Selection, order: SortOrder, position: int) -> int:
        """Count the selected events that come before the event at a position, in an order."""
        ...

    def select_window(
        self, selection: Selection, order: SortOrder, first: int, limit: int
    ) -> Sequence[Notification]:
        """List selected events in an order, skipping `first` of them."""
        ...


class Digests(Protocol):
    """Reads the digests that the commits left."""

    def last(self) -> DigestRow:
        """Return the digest of the last commit, or `chain.BEGINNING`."""
        ...

    def covering(self, position: int) -> DigestRow | None:
        """Return the digest of the commit that stored the event at a position."""
        ...

    def after(self, digest: DigestRow, limit: int) -> Sequence[DigestRow]:
        """List the digests after one of them, oldest first, at most `limit`."""
        ...
