"""Point 5: every reservation is there after the pod, and after the Deployment."""

from __future__ import annotations

import time

from tests.rehearsal.lengths import PATIENCE
from tests.rehearsal.report import Notes
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.stage import GATEWAYS, Stage
from tests.rehearsal.waiting import until

SEATS, REQUESTS = 150, 200


def play(stage: Stage, notes: Notes) -> None:
    """Delete the pod, then the Deployment, and compare what the store holds."""
    airplane = GATEWAY.add_airplane(SEATS)
    numbers = {GATEWAY.reserve(airplane) for _ in range(REQUESTS)}
    kept = stage.is_sound()
    assert numbers <= set(kept.requests)
    approved = sum(one.status == "approved" for one in kept.requests.values())
    notes.figure("reservations, of which approved", f"{len(kept.requests)}, {approved}")
    for what in ("pod", "Deployment"):
        begun = time.monotonic()
        [pod] = stage.cluster.pods("gateway")
        if what == "pod":
            stage.cluster("delete", "pod", pod.name)
        else:
            stage.cluster("delete", "deployment", GATEWAYS, "--cascade=foreground")
            stage.apply()
        stage.cluster.rolled_out(GATEWAYS)
        until(GATEWAY.answers, "the gateway to answer again", PATIENCE)
        again = stage.is_sound()
        assert again.events == kept.events, f"the store is not the same after the {what}"
        seconds = time.monotonic() - begun
        notes.figure(f"all there after the {what} was deleted; back within", f"{seconds:.0f} s")
