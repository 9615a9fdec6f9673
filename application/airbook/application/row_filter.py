"""Filters of lists that are short enough to be matched in memory, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from airbook.application.filtering import (
    Fields,
    Term,
    codes_named,
    parse_filter,
    period,
    texts_of,
)
from airbook.application.responses import Response
from airbook.application.text import parsing
from airbook.application.text.formatting import NUMBERS, TIMES, TRANSLATED, format_fields
from airbook.application.text.labels import Labels
from airbook.eventlog.selection import fold

AIRPLANE_FIELDS = Fields(
    {
        "id": ("plane", "airplane", "id"),
        **{name: (name,) for name in ("name", "seats", "taken", "pending", "left", "status")},
    }
)
AIRPLANE_CODES = {"status": ("open", "closed")}
PARKED_FIELDS = Fields(
    {
        "reservation": ("reservation", "id"),
        "state": ("state", "status"),
        "position": ("position",),
        "error": ("error",),
    }
)
PARKED_CODES = {"state": ("parked", "retrying", "dropped")}
Row = TypeVar("Row", bound=Response)
Match = Callable[[Response, Mapping[str, str]], bool]


class RowFilter:
    """A filter of rows: each of its terms must match."""

    def __init__(
        self, typed: str, fields: Fields, codes: Mapping[str, Sequence[str]], label: Labels
    ) -> None:
        """codes: the codes that fields can have, by field. Raises Mistyped."""
        self._label = label
        self.terms = parse_filter(typed, fields, label)
        self._matches = [matching(term, codes, label) for term in self.terms]

    def select(self, rows: Sequence[Row]) -> list[Row]:
        """List the rows that match."""
        return [row for row in rows if self._is_match(row)]

    def _is_match(self, row: Response) -> bool:
        texts = {name: fold(text) for name, text in format_fields(row, self._label).items()}
        return all(match(row, texts) for match in self._matches)


def matching(term: Term, codes: Mapping[str, Sequence[str]], label: Labels) -> Match:
    """Return the function that matches a row with a term. Raises Mistyped."""
    field, text = term
    if not field:
        return lambda row, texts: any(has(row, texts, name, text) for name in texts)
    if field in codes:
        allowed = codes_named(text, codes[field], label)
        return lambda row, _: getattr(row, field) in allowed
    if field in NUMBERS:
        number = parsing.number(text)
        return lambda row, _: getattr(row, field) == number
    return lambda _, texts: text in texts[field]


def has(row: Response, texts: Mapping[str, str], name: str, part: str) -> bool:
    """Return whether a field contains a part, as it is shown in any language."""
    value = getattr(row, name)
    if name in TIMES:  # as in the lists that are too long to be matched in memory
        times = period(part)
        return times is not None and value is not None and times[0] <= value < times[1]
    if name in TRANSLATED and value is not None:
        return any(part in text for text in texts_of(value))
    return part in texts[name]
