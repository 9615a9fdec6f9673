"""A moment for the daemon: a front waits for it before it brings the views up to date itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from airbook.eventlog.subscription import poll_until

PATIENCE_SECONDS = 0.25
POLL_SECONDS = 0.002
MOST_IN_VAIN = 3
IMPATIENT_SECONDS = 10.0


class DaemonPatience:
    """Waits for a running daemon, and stops to wait after some waits in vain.

    A daemon of another version, for example, fills only the views of its own version.
    """

    def __init__(self, is_running: Callable[[], bool]) -> None:
        """is_running: returns whether a daemon is running."""
        self._is_running = is_running
        self._in_vain = 0
        self._impatient_until = 0.0

    def wait(self, is_done: Callable[[], bool]) -> None:
        """Give the daemon PATIENCE_SECONDS to do something. is_done: returns whether it is done."""
        if is_done() or not self._is_running() or time.monotonic() < self._impatient_until:
            return
        if poll_until(is_done, PATIENCE_SECONDS, POLL_SECONDS):
            self._in_vain = 0
            return
        self._in_vain += 1
        if self._in_vain == MOST_IN_VAIN:
            self._in_vain, self._impatient_until = 0, time.monotonic() + IMPATIENT_SECONDS
