"""Point 4: a daemon that is stopped, and one whose loop is stuck, are restarted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from airbook.eventlog.lease import TAKEOVER_SECONDS
from tests.rehearsal.around import GATEWAY_PORT
from tests.rehearsal.clients import crowd
from tests.rehearsal.cluster import Cluster, RefusedError
from tests.rehearsal.database import head, longest_wait
from tests.rehearsal.lengths import PATIENCE
from tests.rehearsal.report import Notes, NotPossibleError
from tests.rehearsal.requests import GATEWAY
from tests.rehearsal.stage import Stage, all_decided
from tests.rehearsal.waiting import until

HEALTH_PORT = 9100
IN_TIME = 1.0  # seconds after the end of the lease
# Finds the process of the daemon in its container: the first is that which reaps orphans.
FOUND = """
import os, signal, sys
def words(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read().split(b"\\0")
[daemon] = [int(one) for one in os.listdir("/proc") if one.isdigit() and one != "1"
            and int(one) != os.getpid() and b"daemon" in words(one)]
"""
STOP = FOUND + "os.kill(daemon, signal.SIGSTOP)"
# Holds its main thread alone, as a debugger does; the thread that answers for its health goes on.
HOLD = (
    FOUND
    + """
import ctypes, time
library = ctypes.CDLL(None, use_errno=True)
seize, interrupt = 0x4206, 0x4207
if library.ptrace(seize, daemon, None, None) or library.ptrace(interrupt, daemon, None, None):
    sys.exit(print(os.strerror(ctypes.get_errno())))
print("held", flush=True)
time.sleep(60)
"""
)


def play(stage: Stage, notes: Notes) -> None:
    """Stop the daemon that decides, then hold the loop of the one that follows it."""
    airplane = GATEWAY.add_airplane(1000)
    notes.figure("a lease ends without a heartbeat after", f"{TAKEOVER_SECONDS:.0f} s")
    restarted(stage, notes, airplane, "stopped (SIGSTOP)", stop)
    restarted(stage, notes, airplane, "stuck (its main thread held)", hold)
    stage.is_sound()


def stop(cluster: Cluster, pod: str) -> None:
    cluster.execute(pod, "python3.11", "-c", STOP)


def hold(cluster: Cluster, pod: str) -> None:
    """Hold the loop until the container is restarted, which ends this command with an error."""
    try:
        said = cluster.execute(pod, "python3.11", "-c", HOLD, seconds=PATIENCE)
    except RefusedError:
        return
    if said.strip() != "held":
        raise NotPossibleError(f"This node does not let a process be held: {said.strip()}.")
    raise AssertionError("the daemon was not restarted while it was held")


def restarted(
    stage: Stage,
    notes: Notes,
    airplane: int,
    name: str,
    break_it: Callable[[Cluster, str], None],
) -> None:
    """Break the daemon that decides: another decides at once, and it is restarted."""
    cluster = stage.cluster
    until(lambda: ready_daemons(cluster) == 2, "two daemons", PATIENCE)
    pod = deciding(cluster)
    before = restarts(cluster, pod)
    after = head(stage.store)
    begun = time.monotonic()
    with crowd(GATEWAY_PORT, airplane, reserving=2, reading=0):
        break_it(cluster, pod)
        until(lambda: restarts(cluster, pod) > before, f"a restart of {pod}", PATIENCE)
        notes.figure(f"{name}: restarted after", f"{time.monotonic() - begun:.0f} s")
    all_decided()
    waited, decided = longest_wait(stage.store, after)
    assert decided > 0, "no request came meanwhile"
    notes.figure(f"{name}: longest wait of {decided} requests", f"{waited:.1f} s")
    assert waited <= TAKEOVER_SECONDS + IN_TIME, "the other daemon did not take over in time"


def ready_daemons(cluster: Cluster) -> int:
    return sum(one.is_ready for one in cluster.pods("daemon"))


def restarts(cluster: Cluster, pod: str) -> int:
    return next(one.restarts for one in cluster.pods("daemon") if one.name == pod)


def deciding(cluster: Cluster) -> str:
    """Return the daemon that decides."""
    for pod in cluster.pods("daemon"):
        said = cluster.ask_pod(pod.name, HEALTH_PORT, "/actuator/health/readinessState")
        if json.loads(said)["details"]["phase"] == "deciding":
            return pod.name
    raise AssertionError("no daemon decides")
