"""A command on its way to the store: it is tried again until the store has answered."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from airbook.application.airbook import Airbook
from airbook.eventlog.errors import StoreError

Result = TypeVar("Result")
QUICK_SECONDS = 0.2  # a store that takes longer makes the user wait, and the screen says so
RETRY_SECONDS = 0.1


class GivenUp(Exception):
    """The user has given a command up; nothing of it is stored."""


class Writing(Generic[Result]):
    """One command, tried again while the store is locked or cannot be reached.

    It has a thread and a connection of its own, so that the screen is read meanwhile. The command
    must be safe to repeat: after a lost reply, an earlier attempt may be stored already.
    """

    def __init__(
        self, open_airbook: Callable[[], Airbook], command: Callable[[Airbook], Result]
    ) -> None:
        """command: executes the command on an open store. Must be called in an event loop."""
        self._open_airbook = open_airbook
        self._command = command
        self._is_given_up, self._is_stopped = threading.Event(), threading.Event()
        self._running = asyncio.ensure_future(asyncio.to_thread(self.run))

    def give_up(self) -> None:
        """End as soon as it is certain that nothing is stored; an attempt is not interrupted."""
        self._is_given_up.set()

    async def is_quick(self) -> bool:
        """Wait for QUICK_SECONDS at most; return whether the store has answered."""
        await asyncio.wait({self._running}, timeout=QUICK_SECONDS)
        return self._running.done()

    async def ended(self) -> None:
        """Wait for the end, whatever the result."""
        await asyncio.wait({self._running})

    async def result(self) -> Result:
        """Wait for the answer of the store.

        Raises GivenUp, or the errors of the command that do not pass by themselves.
        """
        return await self._running

    def stop(self) -> None:
        """End after the current attempt, because the screen ends."""
        self._is_stopped.set()

    def run(self) -> Result:
        """Execute the command; see `result`. It is called on the thread of the command."""
        is_in_doubt = False
        while True:
            if self._is_stopped.is_set() or (self._is_given_up.is_set() and not is_in_doubt):
                raise GivenUp
            try:
                return self._try()
            except StoreError as error:
                is_in_doubt |= error.code == "store_uncertain"
                if not error.passing:
                    raise uncertain(error) if is_in_doubt else error from None
            time.sleep(RETRY_SECONDS)

    def _try(self) -> Result:
        airbook = self._open_airbook()
        try:
            return self._command(airbook)
        finally:
            with suppress(StoreError):
                airbook.close()


def uncertain(error: StoreError) -> StoreError:
    """Return the error that a command may be stored or not, after another error."""
    return StoreError("store_uncertain", str(error.values["store"]))
