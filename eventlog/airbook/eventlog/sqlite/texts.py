"""The texts in a SQLite file: those of a damaged file may be no UTF-8."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from eventsourcing.sqlite import SQLiteCursor

from airbook.eventlog.sql import Values

NO_UTF8 = "Could not decode to UTF-8"  # how an error of the driver begins


def rows_of(c: SQLiteCursor, statement: str, values: Sequence[object]) -> Sequence[Values]:
    """Return the rows of a query.

    The driver itself decodes texts more quickly than a function that it calls, but it fails at a
    text that is no UTF-8: then the query is executed again with `decode_text`.
    """
    raw = c.sqlite_cursor.connection
    raw.text_factory = str
    try:
        return raw.execute(statement, values).fetchall()
    except sqlite3.OperationalError as error:
        if not str(error).startswith(NO_UTF8):
            raise
    finally:
        raw.text_factory = decode_text
    return raw.execute(statement, values).fetchall()


def decode_text(stored: bytes) -> str:
    """Decode a stored text; bytes that are no UTF-8, which only a damaged file holds, become �."""
    return str(stored, "utf-8", "replace")
