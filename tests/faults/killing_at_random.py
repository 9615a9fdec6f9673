"""Daemons and actors that are killed at random."""

from __future__ import annotations

import random
import time

from tests.faults.actors import Actor
from tests.faults.company import at_work, daemons
from tests.faults.independent_checker import check
from tests.faults.promises import counts, everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.waiting import until


def killed_at_random(home: Home, *, kills: int, seed: int) -> None:
    """Kill daemons and actors at random, `kills` times; everything acknowledged is kept."""
    print(f"seed {seed}")
    chance = random.Random(seed)
    for seats in ("3", "20", "500"):
        assert home.here("admin", "add-plane", "--seats", seats).code == 0
    actors = [
        Actor(f"actor{number}", home, times=100_000, rest=0.02, planes=4, cancels=True)
        for number in range(3)
    ]
    roles = {**daemons(home, 3), **{actor.name: actor.start for actor in actors}}
    with at_work(home, roles) as company:
        until(lambda: all(actor.received() for actor in actors), "every actor to begin")
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.8))
            name = chance.choice(sorted(roles))
            print(f"{name} is killed")
            company.kill(name)
            company.restart(name)
        for actor in actors:
            company.kill(actor.name)
        until(lambda: undecided(everything(home)) == 0, "all to be decided")
        company.assemble()
        for name in daemons(home, 3):
            company.dismiss(name)
    each_was_asked_for_once(home, actors)
    is_healthy(home)


def each_was_asked_for_once(home: Home, actors: list[Actor], others: int = 0) -> None:
    """Check that each key made one reservation, acknowledged except perhaps the last.

    others: how many reservations other processes made.
    """
    nothing_is_lost(home, {event for actor in actors for event in actor.acknowledged()})
    keys = check(home.url or home.store, [one for actor in actors for one in actor.kept()])
    assert keys.problems == []
    made = [one.number for actor in actors for one in actor.received() if one.verb == "reserved"]
    requested = counts(home)["ReservationRequested"] - others
    print(f"{requested} requests, {len(made)} of them acknowledged")
    assert len(made) == len(set(made)) > 0
    assert len(made) <= requested <= len(made) + len(actors)
