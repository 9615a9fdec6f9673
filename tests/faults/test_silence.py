"""A server that stops answering is given up in time, and the answer is true."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from airbook.application.commands import Reserve
from airbook.eventlog.errors import StoreError
from tests.faults.losing import each_is_stored_once
from tests.faults.promises import counts
from tests.faults.silencing import SECONDS, begin, falls_silent, gives_up, in_time
from tests.support.home import Home
from tests.support.proxy import Proxy
from tests.support.waiting import until

UNCERTAIN = "The store {} stopped answering: the request may or may not be stored."


@pytest.fixture
def begun(served: Home, distant: Home) -> Home:
    """Reserve a seat; returns the home behind the proxy."""
    begin(served)
    return distant


@pytest.mark.parametrize("line", ["reserve 1", "my-page", "daemon --once"])
def test_a_command_gives_a_silent_server_up(begun: Home, proxy: Proxy, line: str) -> None:
    gives_up(begun, proxy, line)


@pytest.mark.parametrize("words", ["reserve 1 --key k", "reserve 1", "reserve 1 --customer lee"])
def test_an_uncertain_commit_is_reported_as_uncertain(
    begun: Home, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    falls_silent(monkeypatch, proxy.go_silent)
    with in_time():
        done = begun.here(*words.split())
    assert (done.code, done.out, done.err.splitlines()[-2:]) == (
        7,
        "",
        [UNCERTAIN.format(begun.url), "hint: airbook status"],
    )
    proxy.speak()
    again = begun.here(*words.split())
    assert again.code == 0
    number = int(again.out.split()[0])
    # The first request may still be stored, after the repeated one.
    stored = 2 if "--key" in words else counts(begun)["ReservationRequested"]
    assert 2 <= number <= stored <= 3
    each_is_stored_once(begun, stored)


@pytest.mark.parametrize("key", ["k", None])
def test_a_short_silence_changes_no_answer(
    begun: Home, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    def speak_later() -> None:
        assert proxy.holds.wait(SECONDS)
        time.sleep(1.0)
        proxy.speak()

    falls_silent(monkeypatch, proxy.go_silent)
    with begun.airbook() as airbook, ThreadPoolExecutor(1) as elsewhere:
        spoken = elsewhere.submit(speak_later)
        receipt = airbook.execute(Reserve(1, "kim"), key=key)
        spoken.result()
    assert (receipt.number, receipt.position) == (2, 3)
    each_is_stored_once(begun, 2)


def test_an_open_connection_gives_up_in_time_and_continues_later(begun: Home, proxy: Proxy) -> None:
    with begun.airbook() as airbook:
        assert (len(airbook.queries.airplanes()), airbook.heartbeat()) == (1, None)
        proxy.go_silent()
        for ask in (
            airbook.log.head,
            lambda: airbook.execute(Reserve(1, "kim")),
            lambda: airbook.execute(Reserve(1, "lee"), key="k"),
            airbook.queries.airplanes,
            airbook.heartbeat,
        ):
            with in_time(), pytest.raises(StoreError) as trouble:
                ask()
            assert trouble.value.code == "store_unreachable"
        proxy.speak()
        until(lambda: answers(airbook.log.head), "the server to answer again")
        assert airbook.execute(Reserve(1, "kim"), key="k").number == 2
        assert len(airbook.queries.airplanes()) == 1
    each_is_stored_once(begun, 2)


def answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except StoreError:
        return False
    return True
