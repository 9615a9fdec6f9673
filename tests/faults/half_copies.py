"""Copies of a store that are killed before they are finished."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import suppress

import psycopg

from airbook.application.commands import Order, Reserve
from tests.faults.independent_checker import check, reading
from tests.faults.promises import keeps_its_promises, says_one_sentence
from tests.support.home import Home
from tests.support.waiting import until

LONGEST_SECONDS = 0.4


def begun(home: Home, requests: int) -> None:
    """Make a store with decided and pending requests, customers and keys."""
    assert home.here("admin", "add-plane", "--seats", "9").code == 0
    with home.airbook() as airbook:
        for half in range(2):
            numbers = range(half * requests // 2, (half + 1) * requests // 2)
            orders = [Order(Reserve(1, f"customer {n % 90}"), key=f"key {n}") for n in numbers]
            airbook.execute_all(orders)
            if not half:
                assert home.run("daemon", "--until-idle").code == 0


def killed_copies(source: Home, target: Home, *, times: int, seed: int) -> int:
    """Kill a copy up to `times` times at random, then let it end; returns the half-made copies."""
    print(f"seed {seed}")
    chance, halves = random.Random(seed), 0
    for turn in range(times):
        # The first copy is killed at once, so that it is half-made however quick the machine is.
        kill_a_copy(source, target, chance.uniform(0.0, LONGEST_SECONDS) if turn else 0.0)
        halves += is_refused(source, target)
    done = target.run(*words(source, target))
    assert done.code == 0, done
    assert contents(target) == contents(source)
    keeps_its_promises(target)
    return halves


def kill_a_copy(source: Home, target: Home, seconds: float) -> None:
    """Kill a copy that long after its first events; it may have ended by then."""
    process = target.start(*words(source, target))
    until(lambda: events_in(target) > 0 or process.has_ended(), "the first events")
    time.sleep(seconds)
    process.kill()


def words(source: Home, target: Home) -> tuple[str, ...]:
    return ("store", "copy", "--from", url_of(source), "--to", url_of(target))


def url_of(home: Home) -> str:
    return home.url or f"sqlite:///{home.store}"


def is_refused(source: Home, target: Home) -> bool:
    """Check that nothing is written to a copy that lacks something; return whether it does."""
    copied = events_in(target)
    print(f"{copied} events were copied")
    if copied == 0 or contents(target) == contents(source):
        return False
    says_one_sentence(target.here("reserve", "1"))
    says_one_sentence(target.here("admin", "add-plane", "--seats", "1"))
    says_one_sentence(target.run("daemon", "--until-idle"))
    assert events_in(target) == copied
    assert target.here("doctor").code == 8
    return True


def contents(home: Home) -> object:
    """Return what the independent checker has read of a store."""
    ledger = check(home.url or home.store)
    return ledger.events, ledger.requests, ledger.keys, ledger.problems


def events_in(home: Home) -> int:
    """Count the events of a store; 0 if there is no store yet."""
    with suppress(sqlite3.Error, psycopg.Error), reading(str(home.url or home.store)) as tables:
        return len(tables["events"])
    return 0
