"""The contract of a store for the application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from airbook.eventlog.codec import CODEC, Codec
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import DAEMON, Lease
from airbook.eventlog.log import Log

if TYPE_CHECKING:
    from airbook.application.tokens.table import Tokens
    from airbook.projections.store import Views


class Store(Protocol):
    """A place for the log and its views. Every method raises StoreError."""

    @property
    def url(self) -> str:
        """Return its URL without a password."""
        ...

    def is_made(self) -> bool:
        """Return whether the store was created; always True for a server, which opening asks."""
        ...

    def create(self, *, role: str | None = None, reader: str | None = None) -> None:
        """Create the log unless it exists.

        role: a role that may append. reader: a role that may read. Raises SettingError for roles of
        a file, which has none.
        """
        ...

    def sql(self, *, role: str | None = None, reader: str | None = None) -> Iterator[str]:
        """Yield the statements that make the log. Raises SettingError."""
        ...

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log."""
        ...

    def has_views(self) -> bool:
        """Return whether views were made; always True for a server, which opening asks."""
        ...

    def open_views(self, log: Log) -> Views:
        """Open the views of a log."""
        ...

    def discard_views(self) -> None:
        """Remove damaged views, which can be rebuilt from the log."""
        ...

    def open_tokens(self) -> Tokens:
        """Open the tokens of the gateway."""
        ...

    def lease(self, name: str = DAEMON) -> Lease:
        """Return the lease of that name, which a daemon can acquire."""
        ...

    def lock_trouble(self, waited: float) -> StoreError | None:
        """Return the error of a writer that waits for the lock of another process, by its number.

        waited: for so many seconds. Returns None if no process is known to hold the lock.
        """
        ...

    def exposed(self) -> Mapping[Path, int]:
        """List the files that users other than their owner can open, with their modes."""
        ...
