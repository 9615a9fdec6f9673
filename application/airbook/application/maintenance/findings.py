"""The findings of an examination: broken promises, each with what an operator can do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from airbook.application.text.labels import mark

MAX_OF_EACH = 100  # findings with one code; further ones are counted

RESTORE = mark("Restore a backup of the store.")
REBUILD = mark("Rebuild the views: airbook views rebuild")
COPY = mark("Copy the store to a new one (airbook store copy), or restore a backup.")
# What to do about a finding, by its code; about every other one: RESTORE.
REMEDIES = {
    "view_differs": REBUILD,
    "views_damaged": REBUILD,
    "damaged": COPY,
    "store_damaged": COPY,
    "file_mode": mark("Keep it to its owner: chmod 600 {path}"),
    "parked": mark("Try again or drop it: airbook parked retry {number}"),
    "sqlite_version": mark("Run airbook with a newer SQLite."),
    "stray_daemon": mark("End that process: kill {pid}"),
    "unfinished_copy": mark("Complete the copy: airbook store copy"),
}


class Finding(Struct, frozen=True):
    """A broken promise, or a note.

    code: stable, for programs. sentence: English, with {placeholders} for the values.
    """

    code: str
    sentence: str
    values: dict[str, int | str]

    @property
    def remedy(self) -> str:
        """Return what to do: an English sentence, with {placeholders} for the values.

        It is empty for the number of further findings: each of the others says it.
        """
        return "" if "count" in self.values else REMEDIES.get(self.code, RESTORE)


class Findings:
    """Collects findings; of those with the same code, a limited number in full."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def report(self, code: str, sentence: str, **values: int | str) -> None:
        """Add a finding. code, sentence, values: those of `Finding`."""
        self._counts[code] += 1
        if self._counts[code] <= MAX_OF_EACH:
            self._found.append(Finding(code, sentence, values))

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings."""
        for one in findings:
            self.report(one.code, one.sentence, **one.values)

    def all(self) -> list[Finding]:
        """List the findings in their order; at the end, how many more there are of each code."""
        further = mark("There are {count} more findings of this kind.")
        return [
            *self._found,
            *(
                Finding(code, further, {"count": count - MAX_OF_EACH})
                for code, count in self._counts.items()
                if count > MAX_OF_EACH
            ),
        ]
