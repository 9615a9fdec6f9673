"""A disk that is full for a while under a daemon that stays."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.faults.promises import (
    Acknowledged,
    acknowledged_by,
    everything,
    keeps_its_promises,
    undecided,
)
from tests.faults.trace import strace
from tests.support.home import Home
from tests.support.running import Process
from tests.support.waiting import until

FULL_SECONDS = 3.0
SMALL = 12_000  # bytes: a heartbeat and what a daemon says fit, and no commit does
FEW = 4  # lines of a log


def begun(home: Home) -> None:
    """Make a store with views, which have room for their tables, and let daemons only warn."""
    home.environment["AIRBOOK_LOG_LEVEL"] = "warning"
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    assert home.here("planes").code == 0


def reserve(home: Home, times: int) -> Acknowledged:
    """Reserve in this process, whose disk is not full; returns what was acknowledged."""
    answers = [home.here("reserve", "1") for _ in range(times)]
    assert [answer.code for answer in answers] == [0] * times, answers
    return {event for answer in answers for event in acknowledged_by(answer, "reserve")}


def warnings(daemon: Process) -> Sequence[str]:
    return [line for line in daemon.said().splitlines() if '"warning"' in line]


def nothing_grows_for_a_while(home: Home, *, times: int) -> None:
    """Forbid a daemon to extend any file, `times` times; it says so once each time, and stays."""
    begun(home)
    acknowledged = set[tuple[str, str]]()
    with home.daemon() as daemon:
        for turn in range(1, times + 1):
            acknowledged |= reserve(home, 3)
            until(lambda: undecided(everything(home)) == 0, "the decisions")
            said = len(warnings(daemon))
            with small_files(daemon.pid):
                acknowledged |= reserve(home, 3)
                await_warning(daemon, said)
                time.sleep(FULL_SECONDS)
                assert not daemon.has_ended(), daemon.said()
                assert undecided(everything(home)) == 3
            until(lambda: undecided(everything(home)) == 0, f"the decisions of turn {turn}")
            assert len(warnings(daemon)) - said <= FEW, daemon.said()
    keeps_its_promises(home, acknowledged)


def await_warning(daemon: Process, said: int) -> None:
    """Wait for more than `said` warnings."""
    until(lambda: len(warnings(daemon)) > said or daemon.has_ended(), "a warning")


@contextmanager
def small_files(pid: int) -> Generator[None]:
    """Let no file of a process grow beyond SMALL for the duration of a block."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (SMALL, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def log_is_full_for_a_while(home: Home) -> None:
    """Let a daemon write its views and not its log: the views go on, and later the decisions."""
    begun(home)
    acknowledged = set(reserve(home, 1))
    with home.daemon(under=failing_writes(home.store)) as daemon:
        while not warnings(daemon):
            assert not daemon.has_ended(), daemon.said()
            acknowledged |= reserve(home, 1)
        acknowledged |= reserve(home, 3)
        until(lambda: views_position(home) == len(everything(home)), "the views")
        assert undecided(everything(home)) >= 3
        stop_tracing(daemon)
        until(lambda: undecided(everything(home)) == 0, "the decisions")
    keeps_its_promises(home, acknowledged)


def views_are_full_for_a_while(home: Home) -> None:
    """Let a daemon write its log and not its views: it decides on, and later fills the views."""
    begun(home)
    acknowledged = set(reserve(home, 1))
    with home.daemon(under=failing_writes(home.views)) as daemon:
        while not warnings(daemon):
            assert not daemon.has_ended(), daemon.said()
            acknowledged |= reserve(home, 1)
        acknowledged |= reserve(home, 3)
        until(lambda: undecided(everything(home)) == 0, "the decisions")
        assert views_position(home) < len(everything(home))
        stop_tracing(daemon)
        until(lambda: views_position(home) == len(everything(home)), "the views")
    keeps_its_promises(home, acknowledged)


def failing_writes(file: Path) -> list[str]:
    """Return the strace command under which later writes to a database meet a full disk."""
    fault = ("-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC:when=60+")
    # -D: signals then reach the daemon, not strace. -I 1: a signal of its own ends strace.
    return strace([file, Path(f"{file}-wal")], "-D", "-I", "1", *fault, "-o", "/dev/null")


def stop_tracing(daemon: Process) -> None:
    """End the strace of a daemon, which then continues without faults."""
    os.kill(tracer_of(daemon), signal.SIGTERM)
    until(lambda: not tracer_of(daemon), "the end of strace")


def tracer_of(daemon: Process) -> int:
    status = Path(f"/proc/{daemon.pid}/status").read_text()
    return int(status.partition("TracerPid:")[2].split()[0])


def views_position(home: Home) -> int:
    """Return the lowest checkpoint of the views, read without airbook, which would move it."""
    with closing(sqlite3.connect(f"file:{home.views}?mode=ro", uri=True)) as views:
        return int(views.execute("SELECT min(position) FROM checkpoints").fetchone()[0])
