"""A daemon that is idle."""

from __future__ import annotations

import time
from pathlib import Path

from airbook.application.commands import Reserve
from tests.faults.trace import WRITES, read_trace, strace
from tests.support.home import Home
from tests.support.waiting import until

FEW = 5


def idles(folder: Path, *, seconds: float) -> None:
    """Check that an idle daemon writes nothing to the databases and little to its log."""
    home, trace = Home(folder), folder / "trace"
    assert home.here("admin", "add-plane", "--seats", "5").code == 0
    names = ",".join(WRITES)
    # -D: signals then reach the daemon, not strace.
    under = strace(home.databases(), "-D", "-e", f"trace={names}", "-o", str(trace))
    with home.daemon(under=under) as daemon, home.airbook() as airbook:
        number = airbook.execute(Reserve(1, "kim")).number
        until(lambda: airbook.log.head() == number + 3, "the decision")
        until(lambda: airbook.queries.views.position() == airbook.log.head(), "the views")
        time.sleep(1)
        before = len(read_trace(trace))
        time.sleep(seconds)
        assert len(read_trace(trace)) == before > 0
        assert len(daemon.said().splitlines()) <= FEW, daemon.said()
