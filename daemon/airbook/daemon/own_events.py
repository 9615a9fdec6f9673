"""The events that an approver appended itself, which it need not read again."""

from __future__ import annotations

from collections import deque


class OwnEvents:
    """The positions of an approver's own events beyond the position up to which it has read.

    Its own events ask for no decision, and its states know them since they were decided. While a
    backlog lasts, they are two thirds of what it would read.
    """

    def __init__(self) -> None:
        self._commits = deque[tuple[int, int]]()

    def add(self, first: int, last: int) -> None:
        """Add the events of one commit, from one position to another."""
        self._commits.append((first, last))

    def skip(self, position: int) -> int:
        """Return the position after which the next event of others may follow."""
        while self._commits and self._commits[0][0] <= position + 1:
            position = max(position, self._commits.popleft()[1])
        return position

    def limit(self, position: int, limit: int) -> int:
        """Return how many events to read after a position, at most `limit`: none of its own."""
        return min(limit, self._commits[0][0] - position - 1) if self._commits else limit

    def clear(self) -> None:
        """Forget all, so that every event is read."""
        self._commits.clear()
