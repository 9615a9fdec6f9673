"""Errors of SQLite and of the file system as StoreError."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from airbook.eventlog.errors import DamagedRow, StoreError, Trouble

# https://www.sqlite.org/rescode.html; the low byte is the primary code.
TROUBLES: dict[int, Trouble] = {
    sqlite3.SQLITE_BUSY: "store_busy",
    sqlite3.SQLITE_LOCKED: "store_busy",
    sqlite3.SQLITE_CANTOPEN: "store_unreachable",
    sqlite3.SQLITE_PERM: "store_unreachable",
    sqlite3.SQLITE_AUTH: "store_unreachable",
    sqlite3.SQLITE_READONLY: "store_read_only",
    sqlite3.SQLITE_FULL: "store_full",
    sqlite3.SQLITE_IOERR: "store_full",
    sqlite3.SQLITE_CORRUPT: "store_damaged",
    sqlite3.SQLITE_NOTADB: "store_damaged",
}
# Airbook's own statements and texts are right: the file lacks or holds what airbook never writes.
WRONG = (
    *("no such table", "no such column", "no such index", "malformed database schema"),
    "Could not decode to UTF-8",
)
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def translate_errors(store: Path | str, *, damaged: Trouble = "store_damaged") -> Generator[None]:
    """Turn an error of SQLite or of the file system into StoreError; any other error passes.

    damaged: the trouble to report for a damaged file.
    """
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None and damaged == "views_damaged" and breaks_a_rule(error):
            trouble = "store_damaged"  # a projection never breaks a rule of its tables
        if trouble is None:
            raise
        raise StoreError(damaged if trouble == "store_damaged" else trouble, store) from error


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Find the trouble behind an error; None if no SQLite or system error caused it."""
    while error is not None:
        if isinstance(error, DamagedRow):
            return "store_damaged"
        if isinstance(error, sqlite3.Error):
            if str(error).startswith(WRONG):
                return "store_damaged"
            code = getattr(error, "sqlite_errorcode", None)
            return TROUBLES.get(code & 0xFF) if code is not None else None
        if isinstance(error, OSError) and error.errno == errno.EROFS:
            return "store_read_only"
        if isinstance(error, OSError):
            return "store_full" if error.errno in DISK_FULL else "store_unreachable"
        error = error.__cause__
    return None


def breaks_a_rule(error: BaseException) -> bool:
    """Return whether an error is a violated constraint of a table."""
    return isinstance(error, sqlite3.IntegrityError) or isinstance(
        error.__cause__, sqlite3.IntegrityError
    )
