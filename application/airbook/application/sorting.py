"""The order of the rows of a list: by one of their fields, in either direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from msgspec import Raw, json

from airbook.application.responses import Response
from airbook.application.text.formatting import format_event_data, format_value

DIGITS = re.compile(r"([0-9]+)")
SortKey = tuple[float, Sequence[str | tuple[int, str]], str]
Row = TypeVar("Row", bound=Response)


class Sorting(NamedTuple):
    """An order of rows. field: the name of a field of the rows."""

    field: str
    descending: bool = False


def sort_key(value: object) -> SortKey:
    """Return the key by which the values of one field are sorted; None has no key.

    Numbers are sorted by size. Texts are sorted by their letters, without case, and by the numbers
    in them: reservation-2 comes before reservation-10.
    """
    if isinstance(value, int | float):
        return value, (), ""
    if isinstance(value, Raw):  # the data of an event, sorted as people see it
        value = format_event_data(json.decode(value))
    text = format_value(value)
    parts = DIGITS.split(text.casefold())  # letters and digits in turn
    digits = [part.lstrip("0") for part in parts[1::2]]
    letters_and_numbers: list[str | tuple[int, str]] = [*parts]
    letters_and_numbers[1::2] = [(len(one), one) for one in digits]
    return 0, letters_and_numbers, text


def sort_rows(rows: Sequence[Row], sorting: Sorting | None) -> Sequence[Row]:
    """Sort rows by one field; rows without a value come last, and equal rows keep their order."""
    if sorting is None:
        return rows
    values = [(getattr(row, sorting.field), row) for row in rows]
    found = [one for one in values if one[0] is not None]
    found.sort(key=lambda one: sort_key(one[0]), reverse=sorting.descending)
    return [row for _, row in found] + [row for value, row in values if value is None]
