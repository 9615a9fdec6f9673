"""The logger of the daemon, with its lines kept as objects."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger


class Logged:
    """A logger of one level. logger: writes to it. lines: what was written since the last call."""

    def __init__(self, level: int = logging.INFO) -> None:
        self._captured = LogCapture()
        self.logger: FilteringBoundLogger = structlog.wrap_logger(
            None,
            processors=[self._captured],
            wrapper_class=structlog.make_filtering_bound_logger(level),
        )

    def lines(self) -> Sequence[Mapping[str, Any]]:
        """Return the new lines."""
        lines = [dict(entry) for entry in self._captured.entries]
        self._captured.entries.clear()
        return lines
