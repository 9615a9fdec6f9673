"""Numbers as bars: the seats of an airplane, decisions a second, a place in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Strokes(NamedTuple):
    """The characters bars are drawn with; steps goes from the lowest column to the highest."""

    taken: str
    pending: str
    left: str
    steps: str


BLOCKS = Strokes("▆", "▃", "▁", "▁▂▃▄▅▆▇█")
ASCII = Strokes("#", "+", ".", "_.:-=+*#")


def fill(taken: int, pending: int, seats: int, width: int) -> tuple[int, int, int]:
    """Share out the cells of a bar: seats taken, waited for, and left.

    Something is never shown as nothing: a single seat taken has a cell, and one left keeps one.
    pending: what waits beyond the seats there are has no cell.
    """
    if not seats or width < 1:
        return 0, 0, max(0, width)
    full = portion(min(taken, seats), seats, width)
    asked = portion(min(taken + pending, seats), seats, width) - full
    return full, asked, width - full - asked


def portion(part: int, whole: int, width: int) -> int:
    """Scale a part of a whole to cells, rounded away from both ends."""
    cells = round(part * width / whole)
    if 0 < part < whole and width > 1:
        return min(max(cells, 1), width - 1)
    return cells


def spark(counts: Sequence[int], width: int, steps: str) -> str:
    """Draw counts as columns, the latest on the right; a count of 0 is a blank.

    Several counts share a column where there are more of them than cells; the highest is drawn.
    """
    group = max(1, -(-len(counts) // max(1, width)))
    start = len(counts) % group
    parts = [counts[:start]] if start else []
    parts += [counts[place : place + group] for place in range(start, len(counts), group)]
    highest = [max(part) for part in parts]
    top = max(highest, default=0)
    return "".join(steps[-(-count * len(steps) // top) - 1] if count else " " for count in highest)
