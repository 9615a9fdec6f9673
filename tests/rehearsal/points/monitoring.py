"""Point 8: Prometheus scrapes every pod; alerts fire in an outage, and clear after it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from tests.rehearsal.around import SERVERS
from tests.rehearsal.lengths import PATIENCE
from tests.rehearsal.report import Notes
from tests.rehearsal.requests import GATEWAY, PROMETHEUS
from tests.rehearsal.stage import DAEMONS, Stage
from tests.rehearsal.waiting import until

# The query of the original, word for word but for the code: entering an airplane is a 201.
QUERY = (
    'rate(istio_requests_total{app="admin",'
    'destination_service="admin.airplane.svc.cluster.local",response_code="201"}[5m])'
)
ALERT_SECONDS = 240.0


def play(stage: Stage, notes: Notes) -> None:
    """Take the daemons away, then PostgreSQL; each alert fires, and clears afterwards."""
    stage.monitor()
    pods = {
        "airbook-gateway": len(stage.cluster.pods("gateway")),
        "airbook-daemon": len(stage.cluster.pods("daemon")),
    }
    until(lambda: PROMETHEUS.targets_up() == pods, f"{pods} to be scraped", PATIENCE)
    notes.figure("targets scraped", ", ".join(f"{job} {n}" for job, n in pods.items()))
    until(lambda: PROMETHEUS.firing() == set(), "no alert to fire", ALERT_SECONDS)
    notes.figure("alerts that fire before the outage", 0)
    until(original_query, "the query of the original", PATIENCE)
    notes.figure("the query of the original, by app and response code", "answers")
    fires(notes, "AirbookNoDaemon", "no daemon", lambda: stage.cluster.scale(DAEMONS, 0))
    clears(notes, "AirbookNoDaemon", lambda: stage.cluster.scale(DAEMONS, 2))
    servers = stage.cluster.within(SERVERS)
    postgres = partial(servers, "scale", "deployment/postgres")
    fires(notes, "AirbookStoreDown", "no PostgreSQL", lambda: postgres("--replicas=0"))
    clears(notes, "AirbookStoreDown", lambda: postgres("--replicas=1"))
    notes.remark(
        "Prometheus is asked by a configuration of the rehearsal with the rules of"
        " `deploy/monitoring`. The ServiceMonitors need the operator of Prometheus: `make check`"
        " compares them with its schemas."
    )


def original_query() -> bool:
    """Return whether the query has a result, after one more airplane was entered."""
    assert GATEWAY.post("/admins", {"seatQty": 5}).status == 201
    found = PROMETHEUS.ask(f"query?query={quote(QUERY)}")
    return bool(found and any(float(one["value"][1]) > 0 for one in found["result"]))


def fires(notes: Notes, alert: str, outage: str, cause: Callable[[], object]) -> None:
    """Cause an outage, and wait until its alert fires."""
    begun = time.monotonic()
    cause()
    until(lambda: alert in (PROMETHEUS.firing() or ()), f"{alert} to fire", ALERT_SECONDS)
    notes.figure(f"{outage}: {alert} fires after", f"{time.monotonic() - begun:.0f} s")


def clears(notes: Notes, alert: str, end: Callable[[], object]) -> None:
    """End an outage, and wait until its alert is clear."""

    def is_clear() -> bool:
        firing = PROMETHEUS.firing()
        return firing is not None and alert not in firing

    begun = time.monotonic()
    end()
    until(is_clear, f"{alert} to clear", ALERT_SECONDS)
    notes.figure(f"{alert} clears after the end of the outage", f"{time.monotonic() - begun:.0f} s")
