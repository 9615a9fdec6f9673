"""Point 2: the autoscaler drives the gateways from one to three and back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from tests.rehearsal.cluster import Cluster
from tests.rehearsal.lengths import LOAD, PATIENCE
from tests.rehearsal.report import Notes, NotPossibleError, milliseconds
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.siege import Loaded, besieged
from tests.rehearsal.stage import GATEWAYS, Stage
from tests.rehearsal.waiting import until

CLIENTS, HARDER = 20, 50
BACK_SECONDS = 420.0  # the window of the manifest, and what the metrics need
LOOK_SECONDS = 1.0
BOUND = 30.0  # seconds: a backlog that stays below is bounded


class Backlog:
    """Looks at the oldest pending request again and again, until it is closed."""

    def __init__(self) -> None:
        self.looks, self.oldest, self.most = 0, 0.0, 0.0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            oldest = GATEWAY.figure("airbook_oldest_pending_seconds")
            pending = GATEWAY.figure("airbook_reservations", '{status="received"}')
            if oldest is not None and pending is not None:
                self.looks += 1
                self.oldest, self.most = max(self.oldest, oldest), max(self.most, pending)

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()


def play(stage: Stage, notes: Notes) -> None:
    """Measure one gateway and three, then let the autoscaler go from one to three and back."""
    cluster = stage.cluster
    if not cluster.accepts("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes"):
        raise NotPossibleError(
            "This cluster has no metrics-server: the autoscaler is only checked as a document."
        )
    airplane = GATEWAY.add_airplane(1000)
    for replicas in (1, 3):
        hold(cluster, replicas, replicas)
        until(partial(are, cluster, replicas), f"{replicas} gateways", BACK_SECONDS)
        note(notes, f"{replicas} of 3 gateways", besiege(airplane, CLIENTS, LOAD / 2))
    hold(cluster, 1, 1)
    until(lambda: ready(cluster) == 1, "one gateway", BACK_SECONDS)
    until(lambda: utilization(cluster) < 50, "the load to end", PATIENCE)
    hold(cluster, 1, 3)
    backlog = Backlog()
    begun = time.monotonic()
    with besieged(GATEWAY.load(airplane), CLIENTS, LOAD) as siege:
        three = at_least(cluster, 3)
        until(lambda: three() or not siege.is_running, "three gateways", LOAD + PATIENCE)
        third = time.monotonic() - begun if three() else None
        loaded = siege.ended()
    note(notes, f"siege -c{CLIENTS} -t{LOAD:.0f}S, 1 to 3 gateways", loaded)
    with besieged(GATEWAY.load(airplane), HARDER, LOAD / 2) as siege:
        if third is None:
            until(three, "three gateways", LOAD + PATIENCE)
            third = time.monotonic() - begun
        note(notes, f"siege -c{HARDER} -t{LOAD / 2:.0f}S", siege.ended())
    ended = time.monotonic()
    notes.figure("three gateways ready, after the siege began, within", f"{third:.0f} s")
    backlog.close()
    notes.figure("most pending requests", f"{backlog.most:.0f}")
    notes.figure("oldest pending request", f"{backlog.oldest:.1f} s")
    assert backlog.looks > 0, "the backlog was never seen"
    assert backlog.oldest < BOUND, "the backlog of the daemon grows"
    until(lambda: ready(cluster) == 1, "one gateway again", BACK_SECONDS)
    notes.figure("one gateway again, after the siege ended", f"{time.monotonic() - ended:.0f} s")
    stage.is_sound()


def hold(cluster: Cluster, least: int, most: int) -> None:
    """Let the autoscaler choose from a range."""
    cluster.patch(
        f"horizontalpodautoscaler/{GATEWAYS}",
        {"spec": {"minReplicas": least, "maxReplicas": most}},
    )


def ready(cluster: Cluster) -> int:
    """Return how many gateways are ready; none that is not ready may be there."""
    found = cluster.pods("gateway")
    return len(found) if all(one.is_ready for one in found) else 0


def are(cluster: Cluster, replicas: int) -> bool:
    return ready(cluster) == replicas


def at_least(cluster: Cluster, replicas: int) -> Callable[[], bool]:
    return lambda: ready(cluster) >= replicas


def utilization(cluster: Cluster) -> int:
    """Return the percentage of their requests that the gateways use, as the autoscaler sees it."""
    found = cluster.document("get", f"horizontalpodautoscaler/{GATEWAYS}")
    metrics = found["status"].get("currentMetrics") or ()
    values = [
        one["containerResource"]["current"].get("averageUtilization")
        for one in metrics
        if "containerResource" in one
    ]
    return next((one for one in values if one is not None), 100)


def besiege(airplane: int, clients: int, seconds: float) -> Loaded:
    with besieged(GATEWAY.load(airplane), clients, seconds) as siege:
        return siege.ended()


def note(notes: Notes, name: str, loaded: Loaded) -> None:
    said = f"{loaded.rate:,.0f} requests/s, p99 {milliseconds(loaded.p99)}"
    notes.figure(name, f"{said}, {loaded.availability:.2f} % available")
