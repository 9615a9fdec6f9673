"""One thread that follows the log for the whole process, and wakes the coroutines that wait."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager, suppress
from threading import Event as Flag
from threading import Thread

from airbook.application.airbook import Airbook
from airbook.domain.airplane import SeatReleased
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
)
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import UnreadableStream
from airbook.eventlog.records import RecordedEvent
from airbook.eventlog.subscription import ticks

PAUSE_SECONDS = 0.25  # before the store is opened again
DECISIONS = (ReservationApproved, ReservationRejected, ReservationCancelled)
Key = tuple[str, int]  # "decided" or "released", and the number of the reservation


class LogWatch:
    """Follows the log on a thread; `start` begins it, in a running event loop.

    All methods but `start` and `close` belong to the coroutines of that loop.
    """

    def __init__(self, open_airbook: Callable[[], Airbook]) -> None:
        self._open_airbook = open_airbook
        self._stopping = Flag()
        self._position: int | None = None
        self._awaited = defaultdict[Key, set[asyncio.Future[None]]](set)
        self._grown: asyncio.Future[None] | None = None
        self.head = 0
        self.is_stopping = False

    def start(self) -> None:
        """Begin to follow the log."""
        self._loop = asyncio.get_running_loop()
        self._grown = self._loop.create_future()
        self._thread = Thread(target=self._run, name="log-watch", daemon=True)
        self._thread.start()

    def stop_streams(self) -> None:
        """Let every stream end, because the server stops; requests go on."""
        self.is_stopping = True
        self._wake()

    def close(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._thread.join()

    async def grown(self, after: int, seconds: float) -> bool:
        """Wait until the log has an event behind a position; False after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.head <= after and not self.is_stopping and self._grown is not None:
                    await asyncio.shield(self._grown)
        return self.head > after

    @contextmanager
    def awaiting(self, kind: str, reservation: int) -> Generator[asyncio.Future[None]]:
        """Return a future that is done when a reservation is "decided" or its seat "released".

        An event that was stored before is not noticed: begin to wait, then ask the store.
        """
        key, future = (kind, reservation), self._loop.create_future()
        self._awaited[key].add(future)
        try:
            yield future
        finally:
            waiting = self._awaited[key]
            waiting.discard(future)
            if not waiting:
                del self._awaited[key]

    def _run(self) -> None:
        while not self._stopping.is_set():
            with suppress(StoreError, UnreadableStream), self._open_airbook() as airbook:
                self._follow(airbook)
            self._stopping.wait(PAUSE_SECONDS)

    def _follow(self, airbook: Airbook) -> None:
        log = airbook.log
        with closing(ticks(log, stop=self._stopping.is_set)) as ticking:
            for _ in ticking:
                # In this order: a coroutine that begins to wait after this asks the store itself.
                head = log.head()
                is_awaited = bool(self._awaited)
                position = head if self._position is None else min(self._position, head)
                while is_awaited and position < head and (events := log.after(position)):
                    position = events[-1].position
                    self._call(self._notice, events)
                self._position = max(position, head)
                self._call(self._grow, self._position)

    def _call(self, function: Callable[..., None], argument: object) -> None:
        with suppress(RuntimeError):  # the loop was closed, so that no request waits any more
            self._loop.call_soon_threadsafe(function, argument)

    def _notice(self, events: Sequence[RecordedEvent]) -> None:
        for recorded in events:
            if (key := key_of(recorded)) and key in self._awaited:
                for future in self._awaited[key]:
                    if not future.done():
                        future.set_result(None)

    def _grow(self, head: int) -> None:
        if head != self.head:
            self.head = head
            self._wake()

    def _wake(self) -> None:
        if self._grown is not None:
            self._grown.set_result(None)
            self._grown = self._loop.create_future()


def key_of(recorded: RecordedEvent) -> Key | None:
    """Return what an event decides or releases; None if no request waits for such an event."""
    if isinstance(recorded.event, DECISIONS):
        return "decided", recorded.stream.number
    if isinstance(recorded.event, SeatReleased):
        return "released", recorded.event.reservation
    return None
