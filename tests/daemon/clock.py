"""A clock in the place of the module `time`, for code that acts once in a while."""

from __future__ import annotations


class Clock:
    """A clock that stands still until a test moves it; a machine that has just started has it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds
