"""Wake-ups between the threads that use one log in memory."""

from __future__ import annotations

from threading import Condition
from typing import Self


class MemoryNotifier:
    """Wakes the listeners of one log."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._count = 0

    def wake(self) -> None:
        """Wake every listener."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def listener(self) -> MemoryListener:
        """Listen for new events."""
        return MemoryListener(self)

    def count(self, after: int = -1, seconds: float = 0.0) -> int:
        """Return the number of wake-ups; wait at most so long until it is greater than `after`."""
        with self._condition:
            self._condition.wait_for(lambda: self._count > after, seconds)
            return self._count


class MemoryListener:
    """Waits for wake-ups of one notifier."""

    def __init__(self, notifier: MemoryNotifier) -> None:
        self._notifier = notifier
        self._seen = notifier.count()

    def wait(self, seconds: float) -> bool:
        """Wait for a wake-up, at most so many seconds; return whether one came."""
        before, self._seen = self._seen, self._notifier.count(self._seen, seconds)
        return self._seen > before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening; there is nothing to close."""
