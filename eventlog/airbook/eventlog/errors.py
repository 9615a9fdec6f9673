"""The troubles of a store, each with one code and one sentence for all databases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import UnionType
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
    "store_gone",
    "store_wal_gone",
    "store_replaced",
    "store_linked",
    "store_name_taken",
    "store_unfinished",
    "store_unclosed",
    "store_uncertain",
    "views_damaged",
    "views_missing",
    "tokens_damaged",
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
    "store_gone": "The file of the store {store} was taken away or replaced:"
    " what came last may not be stored.",
    "store_wal_gone": "The write-ahead log of the store {store} was removed: stop every airbook,"
    " then put {store}-wal back, or remove {store}-shm to go on without the last commits.",
    "store_replaced": "The write-ahead log beside the store {store} holds commits to another file,"
    " which was here before: end the programs that have it open, or if none has, move {store}-wal"
    " and {store}-shm away: their commits are not in this file.",
    "store_linked": "The store {store} has a second name (a hard link), and what is written under"
    " one name can be lost under the other: remove one of them.",
    "store_name_taken": "A store cannot be named {store}: airbook keeps a file of that name beside"
    " another store.",
    "store_unfinished": "The store {store} is an unfinished copy: complete it before it is used.",
    "store_unclosed": "The store {store} was not closed, and its last commits cannot be read where"
    " nothing can be written: copy it with all of its files to another folder.",
    "store_uncertain": "The store {store} stopped answering: the request may or may not be stored.",
    "views_damaged": "The views in {store} are damaged.",
    "tokens_damaged": "The tokens in {store} are damaged: remove them, then create new ones.",
    "views_missing": "The store {store} has no schema for its views; its owner creates it.",
}
# Not an own trouble: who may not write to a store, for whatever reason, gets `store_read_only`.
FOREIGN_RULE = (
    "The store {store} has a trigger or a constraint that airbook did not make, and it forbids"
    " that: {rule}"
)


class StoreError(Exception):
    """The store could not do what was asked; nothing was acknowledged.

    code: a Trouble. store: the file, or the URL without its password. sentence: English, with
    {placeholders} for values, which fronts translate; by default the one in SENTENCES. passing: the
    trouble may end by itself, so that a patient caller tries again.
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


class DamagedRow(Exception):
    """A row holds an empty column, or a value of another type than its column.

    Raised while a store is read; the store reports it as a StoreError.
    """


def check_types(rows: Iterable[Sequence[object]], types: Sequence[type | UnionType]) -> None:
    """Check the values of rows. types: of the columns. Raises DamagedRow."""
    for row in rows:
        if not all(map(isinstance, row, types)):  # each commit pays for this
            fields = zip(row, types, strict=False)
            value, expected = next(one for one in fields if not isinstance(*one))
            raise DamagedRow(f"{value!r:.80} is no {expected}")


def without_password(url: str) -> str:
    """Return a URL that can be shown to people and written to logs."""
    url = re.sub(r"^(\w+:/+|(?!\w+:/))([^:@/?]*):.*@", r"\1\2@", url, flags=re.DOTALL)
    return re.sub(r"([?&\s](?:ssl)?password=)[^&\s]*", r"\1...", url)
