"""Waiting until a condition holds, in a coroutine and in a thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

SECONDS = 20.0
POLL_SECONDS = 0.01


async def until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait until a condition holds. Raises AssertionError after some seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, condition
        await asyncio.sleep(POLL_SECONDS)


def wait_until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait until a condition holds, without an event loop; otherwise like `until`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, condition
        time.sleep(POLL_SECONDS)
