"""Point 7: pods are killed at random under load, and PostgreSQL is restarted twice."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from tests.rehearsal.around import GATEWAY_PORT, SERVERS
from tests.rehearsal.clients import (
    ACCEPTING,
    READING,
    Client,
    acknowledged,
    availability,
    crowd,
)
from tests.rehearsal.cluster import Cluster
from tests.rehearsal.database import of_server
from tests.rehearsal.lengths import CHAOS, KILL_EVERY
from tests.rehearsal.report import Notes
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.stage import Stage

RESERVING, READERS = 10, 10
VICTIMS = ("gateway", "daemon", "relay")
SERVER_RESTARTS = (1 / 3, 2 / 3)  # of the whole time


def play(stage: Stage, notes: Notes) -> None:
    """Kill and restart while clients reserve under keys, then look for each acknowledged one."""
    airplane = GATEWAY.add_airplane(1000)
    seed = random.randrange(1_000_000)
    notes.figure("seed", seed)
    with crowd(GATEWAY_PORT, airplane, RESERVING, READERS) as clients:
        kills, restarts = wreak(stage.cluster, random.Random(seed))
    notes.figure("pods killed", f"{kills} in {CHAOS:.0f} s")
    notes.figure("restarts of PostgreSQL", restarts)
    assert (kills > 0, restarts) == (True, len(SERVER_RESTARTS))
    judge(stage, notes, clients)


def wreak(cluster: Cluster, chance: random.Random) -> tuple[int, int]:
    """Kill pods and restart PostgreSQL for a while; return how often each was done."""
    begun, kills, restarts = time.monotonic(), 0, list(SERVER_RESTARTS)
    while (elapsed := time.monotonic() - begun) < CHAOS:
        if restarts and elapsed >= restarts[0] * CHAOS:
            restarts.pop(0)
            cluster.within(SERVERS)("rollout", "restart", "deployment/postgres")
        pods = [one for part in VICTIMS for one in cluster.pods(part)]
        victim = chance.choice(pods)
        kills += cluster.accepts(
            "delete", "pod", victim.name, "--grace-period=0", "--force", "--wait=false"
        )
        time.sleep(max(0.0, elapsed + KILL_EVERY - (time.monotonic() - begun)))
    return kills, len(SERVER_RESTARTS) - len(restarts)


def judge(stage: Stage, notes: Notes, clients: Sequence[Client]) -> None:
    """Note how many requests were served, and check what was acknowledged against the database."""
    for kind in (ACCEPTING, READING):
        available, sent = availability(one.answered for one in clients if one.kind == kind)
        notes.figure(f"availability of {kind}", f"{available:.2f} % of {sent:,} requests")
    told = acknowledged(clients)
    assert told, "nothing was acknowledged"
    stage.is_sound()
    ledger = of_server(stage.store, told)
    assert ledger.problems == [], ledger.problems[:5]
    assert len({one.stream for one in told}) == len(told), "two keys have one reservation"
    notes.figure("reservations acknowledged, and lost", f"{len(told):,}, 0")
    planes = ledger.airplanes.values()
    oversold = sum(max(0, one.approved - one.seats) for one in planes)
    notes.figure("seats sold twice", oversold)
    assert oversold == 0
