"""The queues of the gateway: a request that waits too long for its turn is told to come again."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.gateway.authentication import TokenCache
from airbook.gateway.reading import Readers

SECONDS = 30.0


class Blocking:
    """What keeps a thread busy until it is freed."""

    def __init__(self) -> None:
        self._begun, self._freed = Event(), Event()

    def __call__(self, *_: object) -> bool:
        self._begun.set()
        return self._freed.wait(SECONDS)

    @contextmanager
    def begun(self) -> Generator[None]:
        """Wait until the thread is busy, and free it at the end of a block."""
        assert self._begun.wait(SECONDS)
        try:
            yield
        finally:
            self._freed.set()


def seats(airbook: Airbook) -> list[int]:
    return [plane.seats for plane in airbook.queries.airplanes()]


def test_a_question_that_waited_too_long_is_not_asked(store: Store):
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
    with closing(Readers(lambda: Airbook(store), 1)) as readers:
        slow = Blocking()
        first = readers.submit(slow, math.inf)
        with slow.begun():
            late = readers.submit(seats, -math.inf)
            patient = readers.submit(seats, math.inf)
        error = late.exception(SECONDS)
        assert isinstance(error, StoreError)
        assert (error.code, error.values) == ("store_busy", {"store": store.url})
        assert (first.result(SECONDS), patient.result(SECONDS)) == (True, [5])


def test_a_token_is_not_waited_for_for_ever(store: Store):
    async def ask_while_every_thread_is_busy(cache: TokenCache) -> None:
        loop, slow = asyncio.get_running_loop(), Blocking()
        loop.set_default_executor(ThreadPoolExecutor(1))
        loop.run_in_executor(None, slow)
        with slow.begun():
            await cache.find("1f0c22ab")

    with closing(store.open_tokens()) as tokens, pytest.raises(StoreError) as raised:
        asyncio.run(ask_while_every_thread_is_busy(TokenCache(tokens, store.url, seconds=0.01)))
    assert (raised.value.code, raised.value.values) == ("store_busy", {"store": store.url})
