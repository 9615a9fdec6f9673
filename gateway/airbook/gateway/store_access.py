"""The store, as the coroutines of the gateway use it: they wait, and threads do the work."""

from __future__ import annotations

import asyncio
import time
from asyncio import FIRST_COMPLETED
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from msgspec import structs

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import CommandResult, Order
from airbook.application.observability.trace_context import TRACEPARENT
from airbook.application.queries import Queries
from airbook.eventlog.errors import StoreError
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.records import Receipt
from airbook.gateway.outlasting import HOLD_SECONDS, outlast
from airbook.gateway.reading import Readers
from airbook.gateway.watch import LogWatch

T = TypeVar("T")
Waiting = tuple[Order, float]  # an order, and the time.monotonic() until which it may wait
READERS = 2


class StoreAccess:
    """One store, for all requests of a process.

    watch: follows the log. stopping: set when the server is about to end. url: the store's, without
    a password. airbook: the one that writes; it belongs to the writer thread while that runs.
    open_airbook: returns the store once more.
    """

    def __init__(self, open_airbook: Callable[[], Airbook]) -> None:
        """open_airbook: returns the store, not opened yet; called once for each thread."""
        self.open_airbook = open_airbook
        self.airbook = open_airbook()
        self.url = self.airbook.store.url
        self.watch = LogWatch(open_airbook)
        self.stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_announced = False

    def start(self) -> None:
        """Start the threads, in a running event loop."""
        self._loop = asyncio.get_running_loop()
        self._commits = GroupCommit[Waiting, CommandResult](self._execute_together)
        self._readers = Readers(self.open_airbook, READERS)
        self.watch.start()
        if self._is_announced:  # a signal came before the loop
            self._stop()

    def close(self) -> None:
        """Finish what is queued, end the threads, and close the store."""
        self._commits.close()
        self._readers.close()
        self.watch.close()
        self.airbook.close()

    def announce_stop(self) -> None:
        """Set `stopping`, from a signal handler: readiness fails, and streams end."""
        self._is_announced = True
        with suppress(RuntimeError):  # the loop has ended
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self.stopping.set()
        self.watch.stop_streams()

    async def execute(self, order: Order) -> Receipt:
        """Execute a command; those that wait together share a commit.

        Raises Refused and StoreError.
        """
        if trace := TRACEPARENT.get():
            order = structs.replace(order, trace=trace)
        waiting = (order, time.monotonic() + HOLD_SECONDS)
        return await outlast(lambda: self._execute(waiting))

    async def _execute(self, waiting: Waiting) -> Receipt:
        result = await asyncio.wrap_future(self._commits.submit(waiting))
        if isinstance(result, Exception):
            raise result
        return result

    async def query(self, ask: Callable[[Queries], T], key: Hashable | None = None) -> T:
        """Ask the read models, which hold every event committed before. Raises what `ask` does.

        key: equal keys stand for equal questions, whose answer is used again while the log does not
        grow; None asks anew.
        """
        return await self.ask(lambda airbook: ask(airbook.queries), key)

    async def ask(self, ask: Callable[[Airbook], T], key: Hashable | None = None) -> T:
        """Ask a store of a reader thread, for questions that need more than the read models."""
        end = time.monotonic() + HOLD_SECONDS
        return await outlast(lambda: asyncio.wrap_future(self._readers.submit(ask, end, key)))

    async def decided(self, reservation: int, seconds: float) -> bool:
        """Wait until a reservation is decided; False after `seconds`. Raises StoreError."""
        return await self._wait("decided", outcome.is_decided, reservation, seconds)

    async def released(self, reservation: int, seconds: float) -> bool:
        """Wait until a cancelled reservation holds no seat; False after `seconds`."""
        return await self._wait("released", outcome.is_released, reservation, seconds)

    async def _wait(
        self, kind: str, is_done: Callable[[Airbook, int], bool], reservation: int, seconds: float
    ) -> bool:
        with self.watch.awaiting(kind, reservation) as done:
            if await self.ask(lambda airbook: is_done(airbook, reservation)):
                return True
            # A server that ends answers what is stored by then, and not an error.
            ending = asyncio.ensure_future(self.stopping.wait())
            waited: set[asyncio.Future[Any]] = {done, ending}
            try:
                await asyncio.wait(waited, timeout=seconds, return_when=FIRST_COMPLETED)
            finally:
                ending.cancel()
            return done.done()

    def _execute_together(self, group: Sequence[Waiting]) -> Sequence[CommandResult]:
        """Execute commands in one commit, but those whose time is up. Raises StoreError."""
        now, store = time.monotonic(), self.airbook.store
        if not store.is_made():  # what comes in its place is not made here
            self.airbook.close()
            raise StoreError("store_gone", store.url)
        late = StoreError("store_busy", store.url)
        waiting = [(order, end) for order, end in group if end >= now]
        try:
            self.airbook.log.await_outcomes(min((end for _, end in waiting), default=now) - now)
            results = self.airbook.execute_all([order for order, _ in waiting])
        except StoreError as error:
            if not error.passing:
                self.airbook.close()  # the next command opens what is there by then
            raise
        if any(isinstance(one, StoreError) and not one.passing for one in results):
            self.airbook.close()
        executed = iter(results)
        return [next(executed) if end >= now else late for _, end in group]
