"""Waiting for a cluster, which is asked twice a second and not all the time."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.rehearsal.lengths import PATIENCE

POLL_SECONDS = 0.5


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Wait until a condition is true; returns the seconds that it took.

    what: the condition in words, for the message of the AssertionError after `seconds`.
    """
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(POLL_SECONDS)
    return time.monotonic() - begun
