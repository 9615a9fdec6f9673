"""A transaction of another program that blocks a rebuild of the views."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from airbook.projections.sqlite import SQLiteDatabase
from airbook.projections.store import Views


@contextmanager
def long_transaction(views: Views, *, blocks_readers: bool = False) -> Generator[None]:
    """Keep a transaction open for a block, so that no rebuild can replace a table.

    In a file it is a write transaction, which blocks no reader. On a server it is a read
    transaction. blocks_readers: on a server, block reading too, as a rebuild does at its end.
    """
    if isinstance(views.database, SQLiteDatabase):
        with views.writing():
            yield
    else:
        with views.database.reading_long() as connection:
            if blocks_readers:
                views.database.block_readers(connection)
            yield
