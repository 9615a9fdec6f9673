"""The log lines of a relay and of an intake: what was done, at most once a second."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from structlog.typing import FilteringBoundLogger

LINE_SECONDS = 1.0


class SummaryLog:
    """Sums up what is done, and writes one line for that of a second."""

    def __init__(
        self,
        log: FilteringBoundLogger,
        event: str,
        counted: Sequence[str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """event: the name of the line. counted: the names of its sums."""
        self._log = log
        self._event = event
        self._counted = counted
        self._monotonic = monotonic
        self._line_at = float("-inf")
        self._sums = Counter[str]()

    def add(self, counts: Mapping[str, int]) -> None:
        """Add to the sums, by their names."""
        self._sums.update(counts)

    def tick(
        self, state: Callable[[], Mapping[str, object]] = dict, *, at_end: bool = False
    ) -> None:
        """Write a line if one is due.

        state: returns what else the line says; it is called for a line only. at_end: write what was
        not written yet.
        """
        now = self._monotonic()
        if not self._sums or (now < self._line_at and not at_end):
            return
        self._line_at = now + LINE_SECONDS
        sums = {name: self._sums[name] for name in self._counted}
        self._log.info(self._event, **sums, **state())
        self._sums.clear()
