"""Waiting for a cluster, which is asked twice a second and not all the time."""

from __future__ import annotations

from collections.abc import Callable

from tests.rehearsal.lengths import PATIENCE
from tests.support import waiting

POLL_SECONDS = 0.5


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Wait until a condition is true; see `tests.support.waiting`."""
    return waiting.until(condition, what, seconds, POLL_SECONDS)
