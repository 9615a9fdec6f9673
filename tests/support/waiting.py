"""Waiting until a condition is true, in a thread and in a coroutine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

SECONDS = 60.0
SCREEN_SECONDS = 60.0
POLL_SECONDS = 0.001
SCREEN_POLL_SECONDS = 0.01


def until(
    condition: Callable[[], object],
    what: str,
    seconds: float = SECONDS,
    poll_seconds: float = POLL_SECONDS,
) -> float:
    """Wait until a condition is true; returns the seconds that it took.

    what: the condition in words, for the message of the AssertionError after `seconds`.
    """
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"waited {seconds} s in vain for {what}"
        time.sleep(poll_seconds)
    return time.monotonic() - begun


def until_reached(goal: int, position: Callable[[], int], what: str) -> None:
    """Wait until a position reaches a goal, for as long as it advances within SECONDS.

    what: the goal in words. A busy machine may take minutes for a long way.
    """
    before = position()

    def has_advanced() -> bool:
        return position() > before

    while before < goal:
        until(has_advanced, f"{what}, from {before} up to {goal}")
        before = position()


async def eventually(
    condition: Callable[[], object],
    seconds: float = SCREEN_SECONDS,
    poll_seconds: float = SCREEN_POLL_SECONDS,
) -> None:
    """Wait until a condition is true, while the other coroutines go on; otherwise like `until`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, condition
        await asyncio.sleep(poll_seconds)
