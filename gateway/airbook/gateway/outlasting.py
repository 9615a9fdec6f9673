"""Outlasting the restart of a server: a request waits for its store, for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from airbook.eventlog.errors import StoreError

T = TypeVar("T")
# How long a request waits for its store, and for the requests before it. The last attempt can take
# a few seconds more; all together stays below ten.
HOLD_SECONDS = 6.0
PAUSE_SECONDS = 0.1


async def outlast(
    attempt: Callable[[], Awaitable[T]],
    hold: float = HOLD_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
) -> T:
    """Attempt something again while the server of the store cannot be reached.

    Nothing was stored by then: a commit of which that stays unknown has another error, and is not
    attempted again. hold: for how many seconds. Raises what the last attempt raises.
    """
    end = monotonic() + hold
    while True:
        try:
            return await attempt()
        except StoreError as error:
            is_away = error.code == "store_unreachable" and error.passing
            if not is_away or monotonic() + PAUSE_SECONDS >= end:
                raise
        await asyncio.sleep(PAUSE_SECONDS)
