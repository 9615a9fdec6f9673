"""Commits whose reply is lost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.eventlog.records import Receipt
from tests.faults.promises import counts, everything, is_healthy
from tests.support.home import Home
from tests.support.proxy import Proxy

CROWD = 4


def replies_are_lost(home: Home, proxy: Proxy, *, times: int) -> None:
    """Lose the reply to each of `times` reservations, every other one with a key."""
    with home.airbook() as airbook:
        assert home.here("admin", "add-plane", "--seats", "5").code == 0
        for number in range(1, times + 1):
            key = f"key {number}" if number % 2 else None
            customer = f"customer {number % 5}"
            proxy.drop_commit_replies(1)
            assert airbook.execute(Reserve(1, customer), key=key) == Receipt(number, number + 1)
            if key:
                again = Receipt(number, number + 1, repeated=True)
                assert airbook.execute(Reserve(1, customer), key=key) == again
    assert proxy.done["replies_dropped"] == times
    each_is_stored_once(home, times)


def all_kinds_of_loss(home: Home, proxy: Proxy, *, times: int, seed: int) -> None:
    """Lose replies and commits at random while several threads reserve."""
    print(f"seed {seed}")
    chance = random.Random(seed)
    assert home.here("admin", "add-plane", "--seats", "5").code == 0
    with home.airbook() as airbook, ThreadPoolExecutor(CROWD) as crowd:
        numbered = list[int]()
        while len(numbered) < times:
            chance.choice((proxy.drop_commit_replies, proxy.cut_before_commit))(1)
            numbered += list(crowd.map(partial(reserve, airbook, len(numbered)), range(CROWD)))
    lost = proxy.done["replies_dropped"], proxy.done["commits_cut"]
    print(f"{lost} replies and commits were lost")
    assert min(lost) > 0
    assert sorted(numbered) == list(range(1, len(numbered) + 1))
    each_is_stored_once(home, len(numbered))


def reserve(airbook: Airbook, turn: int, who: int) -> int:
    key = f"{who}-{turn}" if turn % 3 == who else None
    return airbook.execute(Reserve(1, f"customer {who}"), key=key).number


def each_is_stored_once(home: Home, times: int) -> None:
    """Check that the log has `times` requests, numbered without gaps."""
    assert counts(home) == {"AirplaneCreated": 1, "ReservationRequested": times}
    assert numbers(home) == list(range(1, times + 1))
    assert home.run("daemon", "--until-idle").code == 0
    is_healthy(home)


def numbers(home: Home) -> Sequence[int]:
    """Return the numbers of the reservations in the order of the log."""
    return [one.stream.number for one in everything(home) if one.stream.kind == "reservation"]
