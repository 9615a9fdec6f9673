"""Numbers drawn as characters: bars of seats, and columns of counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Strokes(NamedTuple):
    """The characters of bars and columns. steps: from the lowest column to the highest."""

    taken: str
    pending: str
    left: str
    steps: str


BLOCKS = Strokes("▆", "▃", "▁", "▁▂▃▄▅▆▇█")
ASCII = Strokes("#", "+", ".", "_.:-=+*#")


def fill(taken: int, pending: int, seats: int, width: int) -> tuple[int, int, int]:
    """Divide the cells of a bar among the seats that are taken, pending and left.

    A number above 0 has at least one cell, if there is room. pending: requests beyond the number of
    seats have no cell. Returns the cells of taken, pending and left seats; their sum is the width.
    """
    if not seats or width < 1:
        return 0, 0, max(0, width)
    full = portion(min(taken, seats), seats, width)
    asked = portion(min(taken + pending, seats), seats, width) - full
    return full, asked, width - full - asked


def portion(part: int, whole: int, width: int) -> int:
    """Scale a part of a whole to cells; only 0 becomes no cell, only the whole becomes all."""
    cells = round(part * width / whole)
    if 0 < part < whole and width > 1:
        return min(max(cells, 1), width - 1)
    return cells


def spark(counts: Sequence[int], width: int, steps: str) -> str:
    """Draw counts as columns, the newest on the right; a count of 0 is a blank.

    If there are more counts than cells, several counts share a column, which shows the highest.
    """
    group = max(1, -(-len(counts) // max(1, width)))
    start = len(counts) % group
    parts = [counts[:start]] if start else []
    parts += [counts[place : place + group] for place in range(start, len(counts), group)]
    highest = [max(part) for part in parts]
    top = max(highest, default=0)
    return "".join(steps[-(-count * len(steps) // top) - 1] if count else " " for count in highest)
