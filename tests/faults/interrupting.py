"""A server that crashes or closes connections while processes work."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Stream
from tests.faults.actors import Actor
from tests.faults.company import Company, at_work
from tests.faults.killing_at_random import each_was_asked_for_once
from tests.faults.promises import everything, is_healthy, undecided
from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.support.waiting import until

HANG_UP = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
)


def server_crashes(home: Home, server: Server, *, times: int, seed: int) -> Sequence[float]:
    """Crash the server `times` times; returns the seconds from each restart to a decision."""
    print(f"seed {seed}")
    chance = random.Random(seed)

    def crash(company: Company, turn: int) -> float:
        time.sleep(chance.uniform(0.1, 1.0))
        server.kill()
        time.sleep(chance.choice((0.0, 0.5, 3.0)))
        server.start()
        return goes_on(company, f"turn {turn}")

    return disturbed(home, crash, times, others=times)


def connections_are_cut(home: Home, server: Server, *, times: int, seed: int) -> None:
    """Close a random connection `times` times."""
    print(f"seed {seed}")
    chance = random.Random(seed)

    def cut(*_: object) -> float:
        time.sleep(chance.uniform(0.0, 0.2))
        assert home.url is not None
        server.execute(HANG_UP, home.url)
        return 0.0

    disturbed(home, cut, times)


def disturbed(
    home: Home, disturb: Callable[[Company, int], float], times: int, others: int = 0
) -> Sequence[float]:
    """Disturb a daemon and three actors `times` times; nothing is lost, and no process ends.

    others: how many reservations the disturbances make.
    """
    for seats in ("3", "20", "500"):
        assert home.here("admin", "add-plane", "--seats", seats).code == 0
    actors = [
        Actor(f"actor{number}", home, 100_000, 0.02, planes=4, cancels=True, patient=True)
        for number in range(3)
    ]
    roles = {"daemon": lambda: home.start("daemon"), **{one.name: one.start for one in actors}}
    with at_work(home, roles) as company:
        until(lambda: all(actor.received() for actor in actors), "every actor to begin")
        until(lambda: '"ready"' in company.processes["daemon"].said(), "the daemon to begin")
        seconds = [disturb(company, turn) for turn in range(times)]
        ended = {name for name, process in company.processes.items() if process.has_ended()}
        assert not ended, {name: company.processes[name].end() for name in ended}
        for actor in actors:
            company.kill(actor.name)
        until(lambda: undecided(everything(home)) == 0, "all to be decided")
        company.dismiss("daemon")
    each_was_asked_for_once(home, actors, others)
    is_healthy(home)
    return seconds


def goes_on(company: Company, key: str) -> float:
    """Reserve; returns the seconds until the decision."""
    begun = time.monotonic()
    with company.home.airbook() as airbook:
        stream = Stream("reservation", insist(airbook, key))
        until(lambda: len(airbook.log.stream(stream)) == 2, "the daemon to decide")
    return time.monotonic() - begun


def insist(airbook: Airbook, key: str) -> int:
    """Reserve, and repeat the request after errors of the store."""
    while True:
        with suppress(StoreError):
            return airbook.execute(Reserve(1, "kim"), key=key).number
