"""What can be wrong with a store, one sentence each, whichever library said it."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Trouble = Literal[
    "store_busy",
    "store_unreachable",
    "store_read_only",
    "store_full",
    "store_damaged",
    "store_foreign",
    "store_newer",
    "store_unsafe",
    "store_missing",
    "store_older",
    "store_uncertain",
    "views_damaged",
]

SENTENCES: dict[Trouble, str] = {
    "store_busy": "The store {store} is busy: others kept it locked for too long.",
    "store_unreachable": "The store {store} cannot be opened.",
    "store_read_only": "The store {store} cannot be written to.",
    "store_full": "The store {store} could not be written: the disk is full or failing.",
    "store_damaged": "The store {store} is damaged.",
    "store_foreign": "The file {store} is not an airbook store.",
    "store_newer": "The store {store} was made by a newer airbook.",
    "store_unsafe": "The store {store} does not promise to keep what it acknowledges.",
    "store_missing": "There is no store at {store} yet.",
    "store_older": "The store {store} was made by an older airbook.",
    "store_uncertain": "The store {store} fell silent: what was asked for may be stored or not.",
    "views_damaged": "The views in {store} are damaged.",
}

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


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class StoreError(Exception):
    """The store could not do what was asked; nothing was acknowledged.

    code: one of Trouble. store: the file, or the URL without its password. sentence: English, with
    {placeholders} for values, which fronts translate; the one in SENTENCES unless said otherwise.
    passing: it may be over in a moment; whoever has time tries again.
    """

    def __init__(
        self, code: Trouble, store: Path | str, sentence: str | None = None, **values: int | str
    ) -> None:
        super().__init__(code, str(store))
        self.code: Trouble = code
        self.sentence = sentence or SENTENCES[code]
        self.values: dict[str, int | str] = {"store": str(store), **values}
        self.passing = code in {"store_busy", "store_uncertain"}

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


def without_password(url: str) -> str:
    """Write a URL so that it can be shown."""
    url = re.sub(r"^(\w+:/+|(?!\w+:/))([^:@/?]*):.*@", r"\1\2@", url, flags=re.DOTALL)
    return re.sub(r"([?&\s](?:ssl)?password=)[^&\s]*", r"\1...", url)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Find what SQLite or the system complained of, below any wrapping; None if neither did."""
    while error is not None:
        if isinstance(error, sqlite3.Error):
            code = getattr(error, "sqlite_errorcode", None)
            return TROUBLES.get(code & 0xFF) if code is not None else None
        if isinstance(error, OSError):
            return "store_full" if error.errno in FULL else "store_unreachable"
        error = error.__cause__
    return None


@contextmanager
def explained(store: Path | str, *, damaged: Trouble = "store_damaged") -> Generator[None]:
    """Turn what a database library raises into StoreError; what is none of it passes through.

    damaged: what a damaged file is told as.
    """
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise StoreError(damaged if trouble == "store_damaged" else trouble, store) from error
