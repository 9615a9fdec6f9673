"""Progress: what the loop of a daemon reports of itself, for another thread to read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from airbook.application.errors import Failure

Phase = Literal["starting", "standby", "deciding", "stopping"]


class Wait(NamedTuple):
    """How long an activity has been without success, and the error of its last attempt.

    error: None while the first attempt has not ended.
    """

    seconds: float
    error: Failure | None


class Progress:
    """The last signs of life of a loop, and the activities that do not succeed.

    One thread reports and others read; each report is one assignment, so that no lock is needed.
    phase: what the daemon is doing.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """monotonic: returns seconds."""
        self._monotonic = monotonic
        self._beaten = monotonic()
        self._waiting: dict[str, tuple[float, Failure | None]] = {}
        self.phase: Phase = "starting"

    def enter(self, phase: Phase) -> None:
        """Report what the daemon does from now on; a daemon that is stopping does nothing else."""
        if self.phase != "stopping":
            self.phase = phase

    def beat(self) -> None:
        """Report that the loop has come round."""
        self._beaten = self._monotonic()

    def begin(self, activity: str) -> None:
        """Report that an activity is attempted."""
        if activity not in self._waiting:
            self._waiting[activity] = self._monotonic(), None

    def fail(self, activity: str, error: Failure) -> None:
        """Report that the attempt has failed."""
        since, _ = self._waiting.get(activity) or (self._monotonic(), None)
        self._waiting[activity] = since, error

    def lose_store(self, error: Failure) -> None:
        """Report that the store was taken away: another one is waited for and then opened."""
        self.fail("opening", error)
        self.enter("starting")

    def succeed(self, activity: str) -> None:
        """Report that an activity has succeeded, or that nothing depends on it any more."""
        self._waiting.pop(activity, None)

    def seconds_since_beat(self) -> float:
        """Return how long ago the loop came round."""
        return max(0.0, self._monotonic() - self._beaten)

    def waiting(self) -> Mapping[str, Wait]:
        """Return the activities that have not succeeded since their last success, by name."""
        now = self._monotonic()
        return {
            activity: Wait(max(0.0, now - since), error)
            for activity, (since, error) in self._waiting.copy().items()
        }
