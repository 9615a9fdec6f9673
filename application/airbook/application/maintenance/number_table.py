"""A table from numbers to whole numbers in little memory, for millions of reservations."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

PAGE_BITS = 7  # small pages, because a damaged log may name numbers that are far apart
PAGE = 1 << PAGE_BITS
EMPTY = bytes(8 * PAGE)


class NumberTable:
    """Whole numbers below 2**64 by number; 0 where none was set."""

    def __init__(self) -> None:
        self._pages: dict[int, array[int]] = {}

    def __getitem__(self, number: int) -> int:
        page = self._pages.get(number >> PAGE_BITS)
        return page[number & PAGE - 1] if page else 0

    def __setitem__(self, number: int, value: int) -> None:
        page = self._pages.get(number >> PAGE_BITS)
        if page is None:
            page = self._pages[number >> PAGE_BITS] = array("Q", EMPTY)
        page[number & PAGE - 1] = value

    def items(self) -> Iterator[tuple[int, int]]:
        """Yield the numbers that have a value other than 0, and their values, in order."""
        for at in sorted(self._pages):
            for number, value in enumerate(self._pages[at], at << PAGE_BITS):
                if value:
                    yield number, value
