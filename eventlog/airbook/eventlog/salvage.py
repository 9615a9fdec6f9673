"""Reading a damaged log: every batch that can be read, past the positions that cannot."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.rows import EventRow

BATCH = 500
SHRINK = 8  # a batch with damage is read again in smaller ones


class LostPositions(NamedTuple):
    """Positions whose events cannot be read, because the file is damaged there."""

    first: int
    last: int


def read_past_damage(log: Log, after: int, until: int) -> Iterator[list[EventRow] | LostPositions]:
    """Yield the events between two positions in batches, and the positions that are lost.

    until: the last position to read. Raises StoreError for a trouble other than damage.
    """
    size = BATCH
    while after < until:
        found = batch(log, after, min(size, until - after), until)
        if found:
            after = found[-1].position
            size = min(BATCH, size * SHRINK)
            yield found
        elif found is None and size > 1:
            size = max(size // SHRINK, 1)
        elif found is None:
            last = last_lost(log, after, until)
            yield LostPositions(after + 1, last)
            after = last
        else:
            return


def batch(log: Log, after: int, limit: int, until: int) -> list[EventRow] | None:
    """Return the events after a position; None if the damage reaches into them."""
    try:
        found = log.rows_after(after, limit)
    except StoreError as error:
        if error.code != "store_damaged":
            raise
        return None
    # A damaged page may hold its rows in another order, which would be read without end.
    positions = [after, *(row.position for row in found)]
    if any(one >= other for one, other in pairwise(positions)):
        return None
    return [row for row in found if row.position <= until]


def last_lost(log: Log, after: int, until: int) -> int:
    """Return the last position of the unreadable events that follow a position."""
    unreadable, step = after, 1
    while unreadable + step < until and batch(log, unreadable + step, 1, until) is None:
        unreadable, step = unreadable + step, 2 * step
    readable = min(unreadable + step, until)
    while readable - unreadable > 1:
        middle = (unreadable + readable) // 2
        if batch(log, middle, 1, until) is None:
            unreadable = middle
        else:
            readable = middle
    return readable


def last_position(log: Log) -> int:
    """Return the position of the last event; that of the last checkpoint if it cannot be read."""
    try:
        return log.head()
    except StoreError as error:
        if error.code != "store_damaged":
            raise
        return max(log.registry.checkpoints().values(), default=0)
