"""A limit of requests for each sender, so that one cannot crowd out the others.

Litestar's own limit encodes the history of a sender anew for each request, which takes longer than
answering it. This one keeps a number for each sender: the time at which its next request is due
(the generic cell rate algorithm).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from litestar.exceptions import TooManyRequestsException

BURST_SECONDS = 1.0  # so many seconds of requests may come at once
MAX_SENDERS = 10_000


class RateLimit:
    """Admits so many requests a second of each sender."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        """rate: requests a second; 0 admits all. clock: returns seconds that never go back."""
        self._interval = 1.0 / rate if rate else 0.0
        self._burst = max(BURST_SECONDS, self._interval)
        self._clock = clock
        self._due: dict[str, float] = {}

    def admit(self, sender: str) -> None:
        """Count a request of a sender. Raises TooManyRequestsException with Retry-After."""
        now = self._clock()
        due = max(now, self._due.get(sender, now)) + self._interval
        if (wait := due - now - self._burst) > 0:
            seconds = math.ceil(wait)
            raise TooManyRequestsException(headers={"Retry-After": str(seconds)})
        if len(self._due) >= MAX_SENDERS:
            self._due = {one: then for one, then in self._due.items() if then > now}
        self._due[sender] = due
