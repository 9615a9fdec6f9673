"""The contract of a database that holds the views."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sql

from airbook.eventlog.records import Fenced

# Returns a table of texts with the columns `value` and `key`, which counts them in their order.
ListTexts = Callable[[Sequence[str]], sql.FromClause]


class AlreadyRebuilding(Fenced):
    """Another process is rebuilding the views; its result serves this process too."""


class Database(Protocol):
    """A database that holds the views. Every method raises StoreError."""

    @property
    def place(self) -> str:
        """Return the path of its file, or its URL without a password."""
        ...

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Open a read transaction with one snapshot."""
        ...

    def reading_long(self) -> AbstractContextManager[sql.Connection]:
        """Open a read transaction that may take hours."""
        ...

    def writing(self) -> AbstractContextManager[sql.Connection]:
        """Open a write transaction."""
        ...

    def list_texts(self, texts: Sequence[str]) -> sql.FromClause:
        """Return texts as a table of the columns `value` and `key`, which counts them in order."""
        ...

    def prepare(
        self, is_ready: Callable[[sql.Connection], bool], create: Callable[[sql.Connection], None]
    ) -> None:
        """Create the missing tables, in one process at a time.

        is_ready: returns whether no table is missing. create: creates the missing tables.
        """
        ...

    def wait_at_most(self, seconds: float) -> None:
        """Let write transactions wait so long for a lock, where others can hold one for long."""
        ...

    def rebuilding(self) -> AbstractContextManager[None]:
        """Hold the lock that one rebuild at a time can have. Raises AlreadyRebuilding."""
        ...

    def block_readers(self, connection: sql.Connection) -> None:
        """Block other readers until this transaction ends, if they must not see tables replaced."""
        ...

    def is_damaged(self, tables: Collection[str]) -> bool:
        """Check the database; return whether it is damaged or one of the named tables is gone."""
        ...

    def is_gone(self) -> bool:
        """Return whether the database was removed or another one took its place."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


def create_missing(
    database: Database,
    is_ready: Callable[[sql.Connection], bool],
    create: Callable[[sql.Connection], None],
) -> None:
    """Create the missing tables; open no write transaction if none is missing."""
    with database.reading() as connection:
        ready = is_ready(connection)
    if not ready:
        with database.writing() as connection:
            create(connection)
