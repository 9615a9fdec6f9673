"""Errors of SQLite and of the file system as StoreError."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from airbook.eventlog.errors import FOREIGN_RULE, DamagedRow, StoreError, Trouble

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
# A row is there already. All other constraints, and all other triggers, are not airbook's.
TAKEN = (
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
)
# An index that airbook has not made; its own come with the tables, of which they are a part.
FOREIGN_INDEXES = (
    "SELECT found.name FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS found"
    " WHERE tables.type = 'table' AND found.\"unique\" AND found.origin = 'c' ORDER BY found.name"
)
NEVER_REPLACED = ("events are never replaced", "digests are never replaced")  # schema.TRIGGERS
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
        found = store_error(error, store, damaged=damaged)
        if found is None:
            raise
        raise found from error


def store_error(
    error: Exception, store: Path | str, *, damaged: Trouble = "store_damaged"
) -> StoreError | None:
    """Return the StoreError for an error; None if it is a fault of this program, or a conflict."""
    trouble = trouble_of(error)
    if trouble is None and damaged == "views_damaged" and breaks_a_rule(error):
        trouble = "store_damaged"  # a projection never breaks a rule of its tables
    if trouble is None and isinstance(error, sqlite3.IntegrityError) and not is_taken(error):
        return foreign_rule(error, store)
    return trouble and StoreError(damaged if trouble == "store_damaged" else trouble, store)


def error_of_log(
    error: Exception, store: Path, read: Callable[[str], Sequence[tuple[Any, ...]]]
) -> Exception:
    """Return the error to raise for an error of a transaction of the log, perhaps the same.

    read: executes a query; it is asked whether the file has a foreign index, which may compare the
    same columns as an own one in another way, and is named by its columns too.
    """
    if (found := store_error(error, store)) is not None:
        return found
    is_of_index = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CONSTRAINT_UNIQUE
    return foreign_rule(error, store) if is_of_index and read(FOREIGN_INDEXES) else error


def foreign_rule(error: Exception, store: Path | str) -> StoreError:
    """Return the error that reports what a foreign trigger, constraint or index forbids."""
    return StoreError("store_read_only", store, FOREIGN_RULE, rule=str(error))


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


def is_taken(error: sqlite3.IntegrityError) -> bool:
    """Return whether a statement failed because another writer has stored such a row before."""
    return error.sqlite_errorcode in TAKEN or str(error) in NEVER_REPLACED


def breaks_a_rule(error: BaseException) -> bool:
    """Return whether an error is a violated constraint of a table."""
    return isinstance(error, sqlite3.IntegrityError) or isinstance(
        error.__cause__, sqlite3.IntegrityError
    )
