"""Which rows of a long list to read, and in which order: conditions that every store understands.

The events have the columns position, stream, type, at and data; the reservations have the columns
of their table. Texts are compared without regard to the case of ASCII letters, as every store can.
"""

from __future__ import annotations

import string
from typing import NamedTuple

from msgspec import Struct, structs

LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Among(Struct, frozen=True):
    """The value of a column is one of these values."""

    column: str
    values: tuple[str | int, ...]


class Contains(Struct, frozen=True):
    """The text of a column contains a part, which `fold` has returned."""

    column: str
    part: str


class Within(Struct, frozen=True):
    """The value of a column is at or after `first`, and before `end`."""

    column: str
    first: str | int
    end: str | int


Condition = Among | Contains | Within
Clause = tuple[Condition, ...]  # at least one of the conditions must hold


class SortOrder(NamedTuple):
    """The order of a list: by a column, then by the number or the position of the row.

    Rows without a value are the last ones, also in descending order.
    """

    column: str
    descending: bool


NEWEST_FIRST = SortOrder("position", descending=True)


class Selection(Struct, frozen=True):
    """The events after one position, up to another, for which every clause holds."""

    after: int
    until: int
    clauses: tuple[Clause, ...] = ()

    @property
    def stream(self) -> str | None:
        """Return the stream to which all selected events belong; None if it is not known."""
        for clause in self.clauses:
            match clause:
                case (Among("stream", (str() as stream,)),):
                    return stream
                case _:
                    continue
        return None

    def up_to(self, until: int) -> Selection:
        """Return the same selection up to another position."""
        return structs.replace(self, until=until)

    def from_end_of(self, earlier: Selection) -> Selection:
        """Return the part of the selection after the end of an earlier one."""
        return structs.replace(self, after=max(self.after, earlier.until))

    def window(self, first: int, limit: int, *, descending: bool) -> Selection:
        """Return one window of all events by position; positions have no gaps."""
        after, until = self.after, self.until
        if descending:
            return Selection(max(after, until - first - limit), until - first)
        return Selection(after + first, min(until, after + first + limit))


def fold(text: str) -> str:
    """Replace upper case by lower case, for ASCII letters only, as every store can."""
    return text.translate(LOWER)
