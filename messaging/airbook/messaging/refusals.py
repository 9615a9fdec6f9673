"""Refused connections: when another try can still help."""

from __future__ import annotations

import time
from collections.abc import Callable

REFUSAL_SECONDS = 60.0


class Refusals:
    """The refused connections to brokers that a relay or an intake uses for one topic.

    The Kafka client also reports a refusal when a connection is lost during its handshake, as while
    brokers restart, and when one of several brokers refuses what the others accept. So a refusal is
    final only if no broker has answered yet, or if it has lasted REFUSAL_SECONDS.

    was_answered: whether brokers have ever done what was asked.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.was_answered = False
        self._began: float | None = None  # on the monotonic clock

    def end(self) -> None:
        """Note that brokers have done what was asked."""
        self.was_answered, self._began = True, None

    def add(self) -> bool:
        """Note a refusal; returns whether it is final."""
        now = self._monotonic()
        if self._began is None:
            self._began = now
        return not self.was_answered or now >= self._began + REFUSAL_SECONDS
