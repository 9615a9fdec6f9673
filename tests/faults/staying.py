"""A lasting daemon, and what is asked of it while something troubles its store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.running import Process
from tests.support.waiting import until


def events_of(daemon: Process) -> Counter[str]:
    """Count the lines of a daemon's log by their events."""
    return Counter(json.loads(line)["event"] for line in daemon.said().splitlines())


def reserve(airbook: Airbook, many: int) -> None:
    for number in range(many):
        airbook.execute(Reserve(1, f"customer {number}"))


def all_decided(home: Home) -> None:
    until(lambda: undecided(everything(home)) == 0, "all decisions")


def ends_well(daemon: Process, home: Home) -> None:
    """Stop a daemon, which must not have failed; check the store."""
    answer = daemon.stop()
    assert answer.code == 0, answer
    nothing_is_lost(home, frozenset())
    is_healthy(home)


@contextmanager
def lasting(home: Home) -> Generator[Process]:
    """Start a daemon for the duration of a block, without waiting until it is ready."""
    with home.running("daemon") as daemon:
        yield daemon


def begin(home: Home, seats: int = 9) -> None:
    assert home.here("admin", "add-plane", "--seats", str(seats)).code == 0
