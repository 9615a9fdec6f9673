"""Reading the log as it grows, across processes, gap-free and in commit order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.records import RecordedEvent

LOOK_AGAIN_SECONDS = 0.25  # the longest anybody sleeps: a wake-up may be lost


def follow(
    log: Log, after: int, *, stop: Callable[[], bool], limit: int = BATCH
) -> Iterator[Sequence[RecordedEvent]]:
    """Yield the events behind a position in batches, then those to come, as they come.

    after: a position; 0 means from the beginning. stop: asked between batches, at least every
    LOOK_AGAIN_SECONDS. limit: the most events in a batch. A batch is empty when nothing has come
    for that long, so that whoever follows can do what is due by the clock.
    """
    with log.recorder.listener() as listener:
        while not stop():
            events = log.after(after, limit)
            if events:
                after = events[-1].position
                yield events
            elif not listener.wait(LOOK_AGAIN_SECONDS):
                yield ()
