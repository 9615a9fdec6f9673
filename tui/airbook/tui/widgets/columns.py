"""The columns of a list: their texts, tones and widths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from rich.cells import cell_len, set_cell_size

from airbook.application.text.formatting import HEADINGS, NUMBERS, TRANSLATED
from airbook.application.text.labels import Labels
from airbook.application.text.terminal import visible

Part = tuple[str, str]  # a text and its tone
NARROWEST = 8
GAP = 2
CUT = ".."  # not the ellipsis: some Asian fonts draw it two cells wide
TONE_OF = {
    "received": "pending",
    "approved": "good",
    "rejected": "bad",
    "cancelled": "quiet",
    "open": "good",
    "closed": "bad",
    "parked": "bad",
    "retrying": "pending",
    "dropped": "quiet",
    "no_seats_left": "bad",
    "no_such_airplane": "bad",
    "airplane_closed": "bad",
}


class Column(Struct, frozen=True):
    """One column.

    name: a field of the rows, or a heading of HEADINGS. draw: returns the text for a row and a
    width, if the column is not a field. grows: whether the column takes the remaining width, and is
    cut if that is too small. from_width: the width of the list, in cells, from which the column is
    shown. most: the greatest width of a growing column, in cells; 0 means no limit. sorts: whether
    the list can be sorted by the column.
    """

    name: str
    draw: Callable[[Any, int], Sequence[Part]] | None = None
    grows: bool = False
    from_width: int = 0
    most: int = 0
    sorts: bool = True

    def heading(self, label: Labels) -> str:
        """Return the heading."""
        return label(HEADINGS[self.name])

    def parts(self, row: Any, words: Mapping[str, str], width: int) -> Sequence[Part]:  # noqa: ANN401 -- a response
        """Return the texts of a row and their tones. words: the fields of the row, as text."""
        if self.draw is not None:
            return self.draw(row, width)
        text = visible(words[self.name])
        tone = TONE_OF.get(str(getattr(row, self.name)), "") if self.name in TRANSLATED else ""
        return ((text, tone),)

    def padded(self, parts: Sequence[Part], width: int) -> Iterator[Part]:
        """Fill or cut texts to the width of the column; numbers are aligned to the right."""
        room = width - sum(cell_len(text) for text, _ in parts)
        if room < 0:
            text = "".join(text for text, _ in parts)
            yield cut(text, width), parts[0][1]
        elif self.name in NUMBERS and self.draw is None:
            yield from ((" " * room, ""), *parts)
        else:
            yield from (*parts, (" " * room, ""))


def cut(text: str, width: int) -> str:
    """Cut a text to a width in cells, and end it with CUT if it is cut."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - len(CUT))) + CUT[: max(0, width)]


def measured(
    columns: Iterable[Column],
    rows: Sequence[Mapping[str, str]],
    heading_of: Callable[[Column], str],
    before: Mapping[str, int],
) -> dict[str, int]:
    """Return the widths of columns in cells, none below its width before: the list would flicker.

    rows: the fields of each row, as text. before: the widths so far, by the columns' names.
    """
    widths = dict[str, int]()
    for column in columns:
        texts = [] if column.draw else [visible(row[column.name]) for row in rows]
        widest = max(map(cell_len, [heading_of(column), *texts]))
        widths[column.name] = max(widest, before.get(column.name, 0))
    return widths


def fit(
    columns: Sequence[Column], widths: Mapping[str, int], room: int
) -> list[tuple[Column, int]]:
    """Return the visible columns and their widths; growing columns share the remaining width.

    room: the width of the list, in cells; there are GAP cells between columns.
    """
    shown = [column for column in columns if column.from_width <= room]
    growing = sorted((one for one in shown if one.grows), key=lambda one: one.most or room)
    left = room - sum(widths.get(one.name, 0) for one in shown if not one.grows) - GAP * len(shown)
    grown = dict[str, int]()
    for place, column in enumerate(growing):
        each = max(NARROWEST, left // (len(growing) - place))
        grown[column.name] = min(each, column.most or each)
        left -= grown[column.name]
    return [(column, grown.get(column.name, widths.get(column.name, 0))) for column in shown]
