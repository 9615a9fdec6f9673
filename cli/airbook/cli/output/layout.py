"""The layout of a table: the widths of its columns, and the lines of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from airbook.application.text.formatting import FREE, NUMBERS
from airbook.application.text.terminal import broken, cut, wrapped

GAP = 2  # cells between columns
FREE_WIDTH = 12  # cells: free text is wrapped down to this width before other cells are
LEAST_FREE_WIDTH = 8  # cells: free text is wrapped down to this width before anything is cut


class Layout:
    """The columns of a table: as wide as their cells need, and as a line allows.

    Where a line is too short, free text is wrapped first, then every cell at its spaces; then
    headings are cut, and cells at last. A text that is cut ends with an ellipsis.
    """

    def __init__(self, columns: Sequence[str], headings: Sequence[str]) -> None:
        """columns: the names of the fields. headings: their labels."""
        self.columns = columns
        self._heading_words = [longest_word(heading) for heading in headings]
        self._widest = [cell_len(heading) for heading in headings]
        self._words = [1] * len(columns)

    def add(self, row: Sequence[str]) -> None:
        """Make the columns wide enough for a row. row: the text of each column."""
        for place, text in enumerate(row):
            self._widest[place] = max(self._widest[place], cell_len(text))
            self._words[place] = max(self._words[place], longest_word(text))

    def widths(self, width: int | None) -> list[int]:
        """Return the widths of the columns in cells.

        width: the cells of a line; None if a line may have any length.
        """
        if width is None:
            return [*self._widest]
        widths = [min(widest, width) for widest in self._widest]
        room = width - GAP * (len(widths) - 1)
        free = self._free(FREE_WIDTH, widths)
        words = [min(each) for each in zip(free, self._words, strict=True)]
        headings = [max(each) for each in zip(words, self._heading_words, strict=True)]
        shrink(widths, free, room)
        # Most cells need all their words or one of them in a line: the rest is for free text.
        shrink(widths, headings, room, at_once=True)
        self._widen(widths, room)
        for floors in (words, self._free(LEAST_FREE_WIDTH, words), [1] * len(words)):
            shrink(widths, floors, room)
        return widths

    def _widen(self, widths: list[int], room: int) -> None:
        """Give unused room to the columns, to those of free text first."""
        for place in sorted(range(len(widths)), key=lambda one: self.columns[one] not in FREE):
            unused = max(0, room - sum(widths))
            widths[place] = min(self._widest[place], widths[place] + unused)

    def _free(self, least: int, widths: Sequence[int]) -> Sequence[int]:
        """Return widths with those of free text narrowed to `least`."""
        return [
            min(width, least) if column in FREE else width
            for column, width in zip(self.columns, widths, strict=True)
        ]

    def lines(self, row: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
        """Yield the lines of a row: the text of each column, filled up to its width."""
        cells = [
            cell_lines(text, width, breaks=column in FREE and width >= LEAST_FREE_WIDTH)
            for column, text, width in zip(self.columns, row, widths, strict=True)
        ]
        for line in range(max(map(len, cells))):
            yield [
                filled(lines[line] if line < len(lines) else "", width, right=column in NUMBERS)
                for column, lines, width in zip(self.columns, cells, widths, strict=True)
            ]


def longest_word(text: str) -> int:
    """Return the width of the longest word of a text, in cells."""
    return max(map(cell_len, text.split(" ")))


def shrink(widths: list[int], floors: Sequence[int], room: int, *, at_once: bool = False) -> None:
    """Narrow the widest columns, but none below its floor, until all fit.

    room: the most that all columns may take. at_once: whether a column is narrowed to its floor
    before the next; else all are narrowed evenly.
    """
    while sum(widths) > room:
        wide = [place for place, width in enumerate(widths) if width > floors[place]]
        if not wide:
            return
        widest = max(wide, key=widths.__getitem__)
        widths[widest] = floors[widest] if at_once else widths[widest] - 1


def cell_lines(text: str, width: int, *, breaks: bool) -> list[str]:
    """Break the text of a cell into lines, at spaces.

    breaks: whether a longer word goes on in the next line; else it is cut, with an ellipsis.
    """
    if cell_len(text) <= width:
        return [text]
    if breaks:
        words = [piece for word in text.split(" ") for piece in broken(word, width)]
        return wrapped(" ".join(words), width)
    return [cut(line, width) for line in wrapped(text, width)]


def filled(text: str, width: int, *, right: bool) -> str:
    """Fill a text up with spaces. right: whether it is aligned to the right."""
    spaces = " " * (width - cell_len(text))
    return spaces + text if right else text + spaces
