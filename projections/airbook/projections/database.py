"""Where views are kept: what they need of a database."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sql

from airbook.eventlog.records import Fenced

BUSY_SECONDS = 5.0


class AlreadyRebuilding(Fenced):
    """Another process is at it; what it makes will be right."""


class Database(Protocol):
    """What views need of a database. Everything raises StoreError."""

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Read everything as of one moment."""
        ...

    def reading_long(self) -> AbstractContextManager[sql.Connection]:
        """Read everything as of one moment, however long it takes."""
        ...

    def writing(self) -> AbstractContextManager[sql.Connection]:
        """Write in one transaction."""
        ...

    def prepare(
        self, is_ready: Callable[[sql.Connection], bool], create: Callable[[sql.Connection], None]
    ) -> None:
        """Create what is missing, one process at a time."""
        ...

    def rebuilding(self) -> AbstractContextManager[None]:
        """Let nobody else rebuild meanwhile. Raises AlreadyRebuilding."""
        ...

    def hold_readers(self, connection: sql.Connection) -> None:
        """Keep a transaction that replaces tables from those who read them."""
        ...

    def is_damaged(self, tables: Collection[str]) -> bool:
        """Tell whether the database finds fault with itself, or one of some tables is gone."""
        ...

    def is_gone(self) -> bool:
        """Tell whether it was taken away, or another one put in its place."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


def create_missing(
    database: Database,
    is_ready: Callable[[sql.Connection], bool],
    create: Callable[[sql.Connection], None],
) -> None:
    """Look first, and write only if something is missing."""
    with database.reading() as connection:
        ready = is_ready(connection)
    if not ready:
        with database.writing() as connection:
            create(connection)
