"""What a database must offer to hold the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from eventsourcing.persistence import Notification, StoredEvent

from airbook.domain.change import Change, Key, Parked, Receipt
from airbook.domain.vocabulary import Vocabulary


class Recorder(Protocol):
    """What a database must offer to hold the log; the reads are the eventsourcing library's."""

    @property
    def identity(self) -> str:
        """Tell this log from every other."""
        ...

    def commit(self, change: Change, vocabulary: Vocabulary) -> Receipt:
        """Append in one transaction; see Log.commit."""
        ...

    def repeated(self, key: Key) -> Receipt | None:
        """Find the receipt a key got before. Raises Refused (key_reused) for other contents."""
        ...

    def select_events(self, originator_id: str, *, gt: int | None) -> Sequence[StoredEvent]:
        """List the facts of a stream behind a version."""
        ...

    def select_notifications(
        self, start: int | None, limit: int, *, inclusive_of_start: bool
    ) -> Sequence[Notification]:
        """List facts behind a position."""
        ...

    def max_notification_id(self) -> int | None:
        """Tell the last position."""
        ...

    def max_tracking_id(self, application_name: str) -> int | None:
        """Tell how far a follower has come."""
        ...

    def complaints(self) -> Sequence[str]:
        """List what is wrong with the database itself."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """Tell the last number given to each kind."""
        ...

    def customer_id(self, name: str) -> str | None:
        """Find the id a customer's name stands under."""
        ...

    def customer_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Find the names of customers that are not forgotten."""
        ...

    def parked(self) -> Sequence[Parked]:
        """List what is put aside."""
        ...

    def checkpoint(self, pages: int) -> None:
        """Say that about so many pages were written, here or elsewhere."""
        ...

    def change_parked(self, reservation: int, *, again: bool, dropped: bool) -> bool:
        """Ask for another try, or for none; False if it is not put aside."""
        ...
