"""Commands whose disk fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from tests.faults.killing import SCENES, Scene, set_up
from tests.faults.promises import (
    Acknowledged,
    acknowledged_by,
    keeps_its_promises,
    says_one_sentence,
)
from tests.faults.trace import WRITES, Call, calls_of, some_of, striking, struck
from tests.support.home import Home
from tests.support.waiting import until

FAILURES = {
    "once": ("error=EIO", False),
    "from then on": ("error=EIO", True),
    "being full": ("error=ENOSPC", True),
}


def fails_at_its_writes(
    scene: Scene,
    folder: Path,
    failure: tuple[str, bool],
    many: int | None,
    kinds: Sequence[str] = WRITES,
) -> int:
    """Let the disk fail at some calls of a command, each in a new home; returns their number.

    many: how many calls; None means all.
    """
    before, acknowledged = set_up(scene, folder / "before")
    chosen = some_of(calls_of(before.copy(folder / "counted"), scene.command, kinds), many)
    assert chosen
    for number, call in enumerate(chosen):
        home = before.copy(folder / str(number))
        meets_a_failure(home, scene, call, failure, acknowledged)
    return len(chosen)


def meets_a_failure(
    home: Home, scene: Scene, call: Call, failure: tuple[str, bool], acknowledged: Acknowledged
) -> None:
    """Check that the command reports the failure, and acknowledges only what is stored."""
    fault, on = failure
    print(f"{' '.join(scene.command)}: {fault} at {call.name} {call.nth}")
    done = struck(home, scene.command, call, fault, on=on)
    if done.code != 0:
        says_one_sentence(done)
    keeps_its_promises(home, acknowledged | acknowledged_by(done, scene.command[0]))


def fails_under_a_daemon(folder: Path, call: Call, fault: str) -> None:
    """Check that a daemon whose disk fails says so and stays, and that the next one continues."""
    home, before = set_up(SCENES["a reservation"], folder)
    acknowledged = set(before)
    daemon = home.start("daemon", under=striking(home, call, fault, on=True))
    until(lambda: home.daemon_pid() is not None, "a daemon to run")
    pid = home.daemon_pid() or 0
    while "store_full" not in daemon.said():
        answer = home.here("reserve", "1")
        assert answer.code == 0, answer
        acknowledged |= acknowledged_by(answer, "reserve")
    os.kill(pid, signal.SIGTERM)  # a signal to strace would not reach it
    answer = daemon.end()
    assert (answer.code, "Traceback" in answer.err) == (0, False), answer
    keeps_its_promises(home, acknowledged)
