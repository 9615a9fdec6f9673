"""The health of a daemon, judged by the progress that its loop reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from airbook.application.observability.health import Health, HealthChecks, Status
from airbook.application.observability.progress import Progress, Wait
from airbook.application.stores.store import Store

STUCK_SECONDS = 3.0  # without success; probes are to see it within 5 s
# The loop comes round at least this often, however long it waits for a lock: 5 s at most.
HUNG_SECONDS = 10.0
ACTIVITIES = {"store": "opening", "leases": "leases", "decisions": "decisions", "views": "views"}


def daemon_checks(progress: Progress, store: Store) -> HealthChecks:
    """Return the health checks of a daemon; a standby daemon is healthy.

    progress: what its loop reports. store: asked who holds its lock.
    """
    checks: dict[str, Callable[[], Health]] = {
        "livenessState": partial(liveness, progress),
        "readinessState": partial(readiness, progress),
    }
    for component, activity in ACTIVITIES.items():
        checks[component] = partial(activity_health, progress, activity, store)
    ready = ("readinessState", *ACTIVITIES)
    return HealthChecks(checks, {"liveness": ("livenessState",), "readiness": ready})


def liveness(progress: Progress) -> Health:
    """Report whether the loop comes round: if it does not, only a new process helps.

    A daemon that opens a store of an older version may be busy with it for minutes.
    """
    seconds = progress.seconds_since_beat()
    is_hung = seconds >= HUNG_SECONDS and progress.phase != "starting"
    details = {"seconds_since_progress": round(seconds, 3)}
    return Health("DOWN" if is_hung else "UP", details=details)


def readiness(progress: Progress) -> Health:
    """Report what the daemon is doing: while it starts or stops, it is out of service."""
    phase = progress.phase
    status: Status = "OUT_OF_SERVICE" if phase in {"starting", "stopping"} else "UP"
    is_hung = progress.seconds_since_beat() >= HUNG_SECONDS
    return Health("DOWN" if is_hung else status, details={"phase": phase})


def activity_health(progress: Progress, activity: str, store: Store) -> Health:
    """Report whether an activity succeeds, and for what it waits if it does not."""
    wait = progress.waiting().get(activity)
    if wait is None or wait.seconds < STUCK_SECONDS:
        return Health("UP")
    details = {"seconds": round(wait.seconds, 3), **waited_for(wait, store)}
    return Health("DOWN", details=details)


def waited_for(wait: Wait, store: Store) -> Mapping[str, object]:
    """Return the error of the last attempt; during the first attempt, who holds the lock."""
    error = wait.error or store.lock_trouble(wait.seconds)
    if error is None:
        return {"waits_for": f"The store {store.url} does not answer."}
    holder = {"holder": error.values["holder"]} if "holder" in error.values else {}
    return {"waits_for": str(error), "code": error.code, **holder}
