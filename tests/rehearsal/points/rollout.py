"""Point 3: a new version under siege, and a version that never becomes ready."""

from __future__ import annotations

import time

from tests.rehearsal.cluster import Cluster, RefusedError
from tests.rehearsal.lengths import LOAD, PATIENCE
from tests.rehearsal.report import Notes
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.siege import Loaded, besieged
from tests.rehearsal.stage import DAEMONS, GATEWAYS, Stage

CLIENTS = 20
BEFORE_SECONDS = 5.0
DEADLINE = 20  # seconds in which a version must make progress
AWAY = "postgresql://airbook@nowhere.invalid/airbook"


def play(stage: Stage, notes: Notes) -> None:
    """Roll a new version out and back, then one that cannot work, each under siege."""
    airplane = GATEWAY.add_airplane(1000)
    before = len(stage.ledger().requests)
    notes.remark("The new version is the same airbook in an image of its own.")
    with besieged(GATEWAY.load(airplane), CLIENTS, LOAD + 2 * PATIENCE) as siege:
        time.sleep(BEFORE_SECONDS)
        begun = time.monotonic()
        for name in (GATEWAYS, DAEMONS):
            stage.cluster.patch_container(name, image=stage.images.newer)
        for name in (GATEWAYS, DAEMONS):
            stage.cluster.rolled_out(name)
        notes.figure("gateways and daemons rolled out in", f"{time.monotonic() - begun:.0f} s")
        time.sleep(BEFORE_SECONDS)
        loaded = siege.lift()
    received = judged(notes, f"under siege -c{CLIENTS}", loaded)
    stored = len(stage.is_sound().requests) - before
    notes.figure("reservations acknowledged, and in the database", f"{received:,}, {stored:,}")
    assert stored >= received, "an acknowledged reservation is lost"
    never_ready(stage, notes, airplane)


def never_ready(stage: Stage, notes: Notes, airplane: int) -> None:
    """A version that cannot reach its store stops the rollout, and harms no client."""
    cluster = stage.cluster
    cluster.patch(f"deployment/{GATEWAYS}", {"spec": {"progressDeadlineSeconds": DEADLINE}})
    with besieged(GATEWAY.load(airplane), CLIENTS, LOAD + 2 * PATIENCE) as siege:
        revision = cluster.document("get", f"deployment/{GATEWAYS}")
        cluster("set", "env", f"deployment/{GATEWAYS}", f"AIRBOOK_STORE={AWAY}")
        begun = time.monotonic()
        assert "progress deadline" in refusal(cluster), "the rollout did not stop"
        notes.figure(
            "a version never ready: the rollout stops after", f"{time.monotonic() - begun:.0f} s"
        )
        spec = revision["spec"]["template"]["spec"]["containers"][0]["env"]
        cluster("rollout", "undo", f"deployment/{GATEWAYS}")
        cluster.rolled_out(GATEWAYS)
        loaded = siege.lift()
    undone = cluster.document("get", f"deployment/{GATEWAYS}")
    assert undone["spec"]["template"]["spec"]["containers"][0]["env"] == spec
    judged(notes, "meanwhile", loaded)
    stage.is_sound()


def refusal(cluster: Cluster) -> str:
    """Wait for the end of a rollout; return what is said against it, nothing if it succeeds."""
    try:
        cluster.rolled_out(GATEWAYS)
    except RefusedError as error:
        return str(error)
    return ""


def judged(notes: Notes, name: str, loaded: Loaded) -> int:
    """Note what siege says; return how many reservations were acknowledged."""
    said = f"{loaded.transactions:,} requests, {loaded.failed:,} failed"
    notes.figure(name, f"{said}, availability {loaded.availability:.2f} %")
    assert (loaded.failed, loaded.availability) == (0, 100.0), (
        f"{loaded.failed} requests failed: {dict(loaded.answered)}"
    )
    return loaded.received
