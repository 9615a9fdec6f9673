"""The commands of a screen that can be undone, the last one first."""

from __future__ import annotations

from airbook.application.commands import Order
from airbook.application.undo import ExecutedOrder, compensation

MOST_UNDONE = 100


class UndoStack:
    """Keeps the last MOST_UNDONE commands."""

    def __init__(self) -> None:
        self._given: list[ExecutedOrder] = []

    def push(self, given: ExecutedOrder) -> None:
        """Add a command that was given."""
        self._given = [*self._given, given][-MOST_UNDONE:]

    def last(self) -> tuple[ExecutedOrder, Order] | None:
        """Return the last command that can be undone, and the order that undoes it.

        Later commands that changed nothing are removed. Returns None if no command is left.
        """
        while self._given:
            given = self._given[-1]
            if (order := compensation(given)) is not None:
                return given, order
            self.pop()
        return None

    def pop(self) -> None:
        """Remove the last command."""
        self._given.pop()
