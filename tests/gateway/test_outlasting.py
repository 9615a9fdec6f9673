"""A request outlasts the restart of the server of its store, if that is short."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import cast

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.stores.postgres import PostgresStore
from airbook.application.tokens.issuing import issue_token
from airbook.application.tokens.table import Tokens
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError, Trouble
from airbook.eventlog.postgres.recorder import OUTCOME_SECONDS
from airbook.eventlog.records import Receipt
from airbook.gateway import authentication, store_access
from airbook.gateway.authentication import TokenCache
from airbook.gateway.outlasting import HOLD_SECONDS, outlast
from airbook.gateway.store_access import StoreAccess
from tests.faults.silencing import falls_silent
from tests.gateway.load import check_all_kept, loading
from tests.gateway.server import serving
from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.support.processes import SECONDS
from tests.support.proxy import Proxy


def trouble(code: Trouble, *, passing: bool) -> StoreError:
    error = StoreError(code, "postgresql://db/airbook")
    error.passing = passing
    return error


AWAY = trouble("store_unreachable", passing=True)


def attempts(results: Iterator[StoreError | str]) -> Callable[[], Awaitable[str]]:
    async def attempt() -> str:
        result = next(results)
        if isinstance(result, StoreError):
            raise result
        return result

    return attempt


def test_what_finds_the_server_away_is_attempted_again_until_it_is_back():
    assert asyncio.run(outlast(attempts(iter([AWAY, AWAY, "received"])))) == "received"


def test_the_attempts_end_when_the_server_stays_away():
    clock = iter([0.0, 1.0, 6.0])
    with pytest.raises(StoreError) as raised:
        asyncio.run(outlast(attempts(iter([AWAY, AWAY])), 6.0, lambda: next(clock)))
    assert (raised.value, list(clock)) == (AWAY, [])


@pytest.mark.parametrize(
    "error",
    [
        trouble("store_uncertain", passing=True),
        trouble("store_busy", passing=True),
        trouble("store_unreachable", passing=False),
    ],
    ids=["perhaps stored", "busy", "refused by the server"],
)
def test_any_other_trouble_is_answered_at_once(error: StoreError):
    with pytest.raises(StoreError) as raised:
        asyncio.run(outlast(attempts(iter([error]))))
    assert raised.value is error


def test_the_restart_of_a_server_is_no_trouble_of_its_clients(
    server: Server, database: str, tmp_path: Path
):
    home = Home(tmp_path, database)
    home.kept.create()
    with serving(home) as gateway:
        with loading(gateway, 4) as load:
            load.await_more()
            begun = time.monotonic()
            server.restart()
            is_short = time.monotonic() - begun < HOLD_SECONDS
            load.await_more()
        assert load.statuses() - (set() if is_short else {503}) == {201}
        check_all_kept(home, load)


def test_a_commit_in_doubt_is_found_out_about_for_as_long_as_other_requests_wait(
    database: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
):
    store = PostgresStore(proxy.url(database))
    store.create()
    monkeypatch.setattr(store_access, "HOLD_SECONDS", SECONDS)  # on a busy machine
    access = StoreAccess(lambda: Airbook(store))

    async def reserve() -> Receipt:
        access.start()
        await access.execute(Order(CreateAirplane(1)))
        falls_silent(monkeypatch, proxy.go_silent)
        reserving = asyncio.ensure_future(access.execute(Order(Reserve(1, "kim"))))
        assert await asyncio.to_thread(proxy.holds.wait, SECONDS)
        await asyncio.sleep(OUTCOME_SECONDS + 1)  # for longer than a command of a person waits
        proxy.speak()
        return await reserving

    with closing(access):
        assert asyncio.run(reserve()) == Receipt(1, 2)
        assert access.airbook.log.head() == 2


def test_a_token_is_found_although_the_server_restarts(server: Server, database: str):
    store = PostgresStore(database)
    store.create()
    with closing(store.open_tokens()) as tokens:
        issued = issue_token(tokens, "ops", "admin", datetime.now(UTC), None)
        (stored,) = tokens.all()
        cache = TokenCache(tokens, store.url)

        async def ask_while_it_starts() -> tuple[object, bool]:
            asked = asyncio.gather(cache.find(issued.token_id), cache.exist())
            await asyncio.sleep(0)  # both have begun to ask
            await asyncio.to_thread(server.start)
            found, exist = await asked
            return found, exist

        server.stop()
        assert asyncio.run(ask_while_it_starts()) == (stored, True)


def test_a_request_that_shares_a_reading_outlasts_the_server_for_itself(
    monkeypatch: pytest.MonkeyPatch,
):
    """The first request has waited for long enough; the second one has just come."""
    holds, is_asked, has_joined = iter([0.0, 60.0]), Event(), Event()

    def find(token_id: str) -> str:
        if is_asked.is_set():
            return token_id
        is_asked.set()
        assert has_joined.wait(60)
        raise AWAY

    async def ask() -> list[object]:
        cache = TokenCache(cast("Tokens", SimpleNamespace(find=find)), "a store")
        first = asyncio.create_task(cache.find("kim"))
        await asyncio.to_thread(is_asked.wait, 60)
        second = asyncio.create_task(cache.find("kim"))
        await asyncio.sleep(0)
        has_joined.set()
        return [*await asyncio.gather(first, second, return_exceptions=True)]

    def outlast_in_turn(attempt: Callable[[], Awaitable[object]]) -> Awaitable[object]:
        return outlast(attempt, hold=next(holds))

    monkeypatch.setattr(authentication, "outlast", outlast_in_turn)
    assert asyncio.run(ask()) == [AWAY, "kim"]
