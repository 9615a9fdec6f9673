"""What requests cost, in counts that no machine changes: threads, commits, readings, packets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import Any, cast

import pytest
from litestar.testing import TestClient

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import CommandResult, Order, Reserve
from airbook.application.observability.observer import Observers
from airbook.application.stores.store import Store
from airbook.application.tokens.table import Tokens
from airbook.domain.airplane import CreateAirplane
from airbook.gateway.app import create_app
from airbook.gateway.authentication import TokenCache
from airbook.gateway.identity import Connection, Identity
from airbook.gateway.protocol import Together
from airbook.gateway.rate_limit import RateLimit
from airbook.gateway.reading import Readers
from airbook.gateway.store_access import StoreAccess

AT_ONCE = 64
SECONDS = 30.0


async def identify_kim(_: Connection) -> Identity:
    return Identity("kim", "admin", "kim")


def test_a_request_passes_no_thread_but_that_of_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
    submitted, submit = list[object](), ThreadPoolExecutor.submit

    def noting(
        executor: ThreadPoolExecutor, call: Callable[..., Any], *args: object, **kwargs: object
    ) -> Future[Any]:
        submitted.append(call)
        return submit(executor, call, *args, **kwargs)

    access = StoreAccess(lambda: Airbook(store))
    with TestClient(create_app(access, identify_kim, RateLimit(0), Observers())) as client:
        monkeypatch.setattr(ThreadPoolExecutor, "submit", noting)
        for dialect, body in (("", {"airPlaneId": 1}), ("/api/v1", {"airplane": 1})):
            assert client.post(f"{dialect}/reservations", json=body).status_code == 201
            assert client.get(f"{dialect}/airplanes/1").status_code == 200
        monkeypatch.undo()
    assert submitted == []


def test_requests_that_wait_together_share_a_commit(store: Store, monkeypatch: pytest.MonkeyPatch):
    access, sizes, go_on = StoreAccess(lambda: Airbook(store)), list[int](), Event()
    execute_all = access.airbook.execute_all

    def execute(orders: Sequence[Order]) -> Sequence[CommandResult]:
        assert go_on.wait(SECONDS)
        sizes.append(len(orders))
        return execute_all(orders)

    async def reserve() -> set[int]:
        access.start()
        order = Order(Reserve(1, "kim"), actor="kim")
        waiting = [asyncio.create_task(access.execute(order)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)  # each has begun to wait; the thread may have taken the first
        go_on.set()
        return {receipt.number for receipt in await asyncio.gather(*waiting)}

    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
    monkeypatch.setattr(access.airbook, "execute_all", execute)
    with closing(access):
        assert asyncio.run(reserve()) == {*range(1, AT_ONCE + 1)}
    assert len(sizes) <= 2
    assert sum(sizes) == AT_ONCE


def test_a_question_to_the_log_does_not_wait_for_the_views(store: Store):
    with Airbook(store) as airbook, closing(Readers(lambda: Airbook(store), 1)) as readers:
        airbook.execute(CreateAirplane(5))
        number = airbook.execute(Reserve(1, "kim")).number
        end = float("inf")
        asked = readers.submit(lambda one: outcome.is_decided(one, number), end)
        assert asked.result(SECONDS) is False
        assert airbook.queries.views.position() == 0
        shown = readers.submit(lambda one: one.queries.reservation(number).status, end)
        assert shown.result(SECONDS) == "received"
        assert airbook.queries.views.position() == airbook.log.head()


class CountedTokens:
    """Tokens that note each reading."""

    def __init__(self) -> None:
        self.readings = list[str]()

    def exist(self) -> bool:
        self.readings.append("exist")
        return True

    def find(self, token_id: str) -> None:
        self.readings.append(token_id)


def test_requests_that_need_the_same_token_read_it_once():
    tokens = CountedTokens()

    async def ask() -> None:
        cache = TokenCache(cast("Tokens", tokens), "a store")
        finding = [cache.find(one) for one in ("a", "b") for _ in range(AT_ONCE)]
        await asyncio.gather(*finding, *(cache.exist() for _ in range(AT_ONCE)))

    asyncio.run(ask())
    assert sorted(tokens.readings) == ["a", "b", "exist"]


class Sent:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.told = list[bytes | str]()

    def write(self, piece: bytes) -> None:
        self.told.append(piece)

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.told


def test_a_head_and_its_body_are_one_packet():
    sent = Sent()

    async def answer() -> None:
        transport = Together(cast("asyncio.Transport", sent), asyncio.get_running_loop())
        for pieces in ((b"head", b"body"), (b"more",)):
            for piece in pieces:
                transport.write(piece)
            await asyncio.sleep(0)
        transport.write(b"last")
        transport.close()
        transport.write(b"too late")
        await asyncio.sleep(0)

    asyncio.run(answer())
    assert sent.told == [b"headbody", b"more", b"last", "closed"]
