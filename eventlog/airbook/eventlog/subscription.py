"""Subscriptions: the only loop that waits for the log to grow, and the functions built on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.records import RecordedEvent

POLL_SECONDS = 0.25  # the longest wait for a wake-up, because a wake-up can be lost


def ticks(
    log: Log,
    *,
    stop: Callable[[], bool],
    seconds: Callable[[], float] = lambda: POLL_SECONDS,
) -> Generator[bool]:
    """Yield at once, then whenever the log may have grown, until stopped.

    stop: asked before each tick and before each wait. seconds: asked before each wait for its
    longest duration. Yields True after a wake-up (the first tick counts as one) and False if no
    wake-up came in time. No event is missed: the listener begins before the first tick. Raises
    StoreError when the store was removed or replaced: what was opened can still be read, but never
    grows.
    """
    with log.listener() as listener:
        woken = True
        while not stop():
            yield woken
            if stop():  # the caller stopped during this tick, and waits for nothing
                return
            woken = listener.wait(seconds())
            log.diagnostics.check_is_there()


def subscribe(
    log: Log, after: int, *, stop: Callable[[], bool], limit: int = BATCH
) -> Generator[Sequence[RecordedEvent]]:
    """Yield the events behind a position in batches, then new events as they are appended.

    after: a position; 0 begins with the first event. stop: asked at least every POLL_SECONDS.
    limit: the largest number of events in a batch. A batch is empty if no event was appended for
    POLL_SECONDS, so that the subscriber can do periodic work.
    """
    with closing(ticks(log, stop=stop)) as ticking:
        for woken in ticking:
            idle = not woken
            while not stop() and (events := log.after(after, limit)):
                after, idle = events[-1].position, False
                yield events
            if idle:
                yield ()


def wait_until(log: Log, condition: Callable[[], bool], timeout: float) -> bool:
    """Wait until a condition is true; return False if it is still false after `timeout` seconds.

    condition: asked whenever the log may have grown, and every POLL_SECONDS.
    """
    deadline = time.monotonic() + timeout

    def seconds_left() -> float:
        return max(0.0, min(deadline - time.monotonic(), POLL_SECONDS))

    with closing(ticks(log, stop=lambda: False, seconds=seconds_left)) as ticking:
        for _ in ticking:
            if condition():
                return True
            if time.monotonic() >= deadline:
                break
    return False


def poll_until(condition: Callable[[], bool], timeout: float, poll_seconds: float) -> bool:
    """Wait for a condition that no event announces, such as the progress of the views.

    Returns False if it is still false after `timeout` seconds. condition: asked at once, and then
    every `poll_seconds`.
    """
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(poll_seconds)
    return True
