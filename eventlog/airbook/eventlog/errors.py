"""The troubles of a store, each with one code and one sentence for all databases."""

from __future__ import annotations

import re
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
    "views_missing",
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
    "store_uncertain": "The store {store} stopped answering: the request may or may not be stored.",
    "views_damaged": "The views in {store} are damaged.",
    "views_missing": "The store {store} has no schema for its views; its owner creates it.",
}


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


def without_password(url: str) -> str:
    """Return a URL that can be shown to people and written to logs."""
    url = re.sub(r"^(\w+:/+|(?!\w+:/))([^:@/?]*):.*@", r"\1\2@", url, flags=re.DOTALL)
    return re.sub(r"([?&\s](?:ssl)?password=)[^&\s]*", r"\1...", url)
