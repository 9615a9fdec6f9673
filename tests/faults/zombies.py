"""Daemons that are stopped at any moment, replaced by others, and wake up later."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Mapping

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import STANDBY
from airbook.eventlog.records import Stream
from tests.faults.actors import Actor
from tests.faults.company import Company, at_work
from tests.faults.killing_at_random import each_was_asked_for_once
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.running import Process
from tests.support.waiting import until

REPLACED_SECONDS = 15.0  # a heartbeat is old after five
DAEMONS = ("daemon 1", "daemon 2", "daemon 3")
AIRPLANES = 4


def daemons(home: Home, partitions: int) -> Mapping[str, Callable[[], Process]]:
    """Return three daemons: all but `partitions` of them stand by."""
    words = ("daemon", "--partitions", str(partitions))
    return {name: lambda: home.start(*words) for name in DAEMONS}


def deciders(airbook: Airbook) -> set[int]:
    """Return the processes of the daemons that decide."""
    found = airbook.log.diagnostics.heartbeats()
    return {one.pid for lease, one in found.items() if lease != STANDBY}


def another_decides_while_one_is_stopped(home: Home, *, partitions: int) -> None:
    """Stop a daemon that decides, until others have decided for it; then let it continue."""
    for _ in range(AIRPLANES):
        assert home.here("admin", "add-plane", "--seats", "2").code == 0
    with home.airbook() as airbook, at_work(home, daemons(home, partitions)) as company:
        until(lambda: len(deciders(airbook)) == partitions, "every partition to be decided")
        until(company.all_listen, "every daemon to listen")
        until(lambda: is_settled(airbook, partitions), "nothing to be written")
        pid = min(deciders(airbook))
        zombie = next(one for one in company.processes.values() if one.pid == pid)
        zombie.send_signal(signal.SIGSTOP)
        for number in range(3 * AIRPLANES):
            airbook.execute(Reserve(1 + number % AIRPLANES, f"customer {number}"))
        until(lambda: undecided(everything(home)) == 0, "others to decide")
        assert zombie.pid not in deciders(airbook)
        zombie.send_signal(signal.SIGCONT)
        until(lambda: "lease_lost" in zombie.said(), "it to notice")
        for plane in range(1, 1 + AIRPLANES):
            airbook.execute(Reserve(plane, "kim"))
        until(lambda: undecided(everything(home)) == 0, "the decisions")
        for name in DAEMONS:
            company.dismiss(name)
    nothing_is_lost(home, frozenset())
    is_healthy(home)


def is_settled(airbook: Airbook, partitions: int) -> bool:
    """Return whether no daemon has anything to write; only one without partitions tells so."""
    return partitions > 1 or airbook.log.checkpoint("approver") == airbook.log.head()


def stopped_at_random(home: Home, *, times: int, seed: int, partitions: int) -> int:
    """Stop daemons in the middle of their work, `times` times, while three actors reserve.

    Returns how often another daemon decided meanwhile: on SQLite one that is stopped while it holds
    the lock of the file keeps every other process from writing.
    """
    print(f"seed {seed}")
    chance = random.Random(seed)
    for seats in ("3", "20", "500"):
        assert home.here("admin", "add-plane", "--seats", seats).code == 0
    actors = [
        Actor(f"actor{number}", home, 100_000, 0.02, AIRPLANES, cancels=True, patient=True)
        for number in range(3)
    ]
    roles = {**daemons(home, partitions), **{one.name: one.start for one in actors}}
    replaced = 0
    with home.airbook() as airbook, at_work(home, roles) as company:
        until(lambda: all(actor.received() for actor in actors), "every actor to begin")
        until(lambda: len(deciders(airbook)) == partitions, "every partition to be decided")
        for turn in range(times):
            time.sleep(chance.uniform(0.0, 1.0))
            replaced += is_replaced(airbook, company, chance, f"turn {turn}")
        for actor in actors:
            company.kill(actor.name)
        until(lambda: undecided(everything(home)) == 0, "all to be decided")
        for name in DAEMONS:
            company.dismiss(name)
    each_was_asked_for_once(home, actors, others=times)
    is_healthy(home)
    return replaced


def is_replaced(airbook: Airbook, company: Company, chance: random.Random, key: str) -> bool:
    """Stop a daemon for a while; return whether a request made meanwhile was decided."""
    pids = {company.processes[name].pid: name for name in DAEMONS}
    pid = chance.choice(sorted(deciders(airbook) & pids.keys()) or sorted(pids))
    zombie = company.processes[pids[pid]]
    print(f"{pids[pid]} is stopped")
    zombie.send_signal(signal.SIGSTOP)
    deadline = time.monotonic() + chance.choice((0.1, 1.0, REPLACED_SECONDS))
    number, decided = None, False
    while time.monotonic() < deadline and not decided:
        number = number or reserve(airbook, chance.randint(1, AIRPLANES), key)
        decided = number is not None and is_decided(airbook, number)
        time.sleep(0.01)
    zombie.send_signal(signal.SIGCONT)
    while number is None:
        number = reserve(airbook, 1, key)
    until(lambda: is_decided(airbook, number), "the decision")
    return decided


def reserve(airbook: Airbook, plane: int, key: str) -> int | None:
    """Reserve once; return None while the store is busy or cannot be reached."""
    try:
        return airbook.execute(Reserve(plane, "kim"), key=key).number
    except StoreError as error:
        if not error.passing:
            raise
        return None


def is_decided(airbook: Airbook, number: int) -> bool:
    return len(airbook.log.stream(Stream("reservation", number))) > 1
