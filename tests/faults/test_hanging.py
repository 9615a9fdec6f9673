"""A daemon that hangs is replaced; when it continues, it finds its lease lost."""

from __future__ import annotations

import signal
import time

import pytest

from airbook.application.commands import Reserve
from airbook.eventlog.sqlite.lease import WIDTH
from tests.faults.company import at_work, daemons
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.stores import execute
from tests.support.waiting import until


def set_ahead(home: Home, pid: int, seconds: float) -> None:
    """Write the last heartbeat of a daemon anew, as if its clock had been ahead."""
    if home.url is None:
        home.lease.write_text(f'{{"pid":{pid},"at":{time.time() + seconds}}}'.ljust(WIDTH))
    else:
        later = "UPDATE heartbeats SET at = clock_timestamp() + make_interval(secs => ?)"
        execute(home.kept, later, seconds)


@pytest.mark.parametrize("ahead", [0, 3_600])
def test_a_daemon_hangs_and_wakes_up(home: Home, ahead: int) -> None:
    assert home.here("admin", "add-plane", "--seats", "3").code == 0
    with home.airbook() as airbook, at_work(home, daemons(home, 2)) as company:
        hanging = company.processes[company.assemble()]
        until(
            lambda: airbook.log.checkpoint("approver") == airbook.log.head(),
            "nothing to be written",
        )
        hanging.process.send_signal(signal.SIGSTOP)
        if ahead:
            set_ahead(home, hanging.pid, ahead)
        for number in range(5):
            airbook.execute(Reserve(1, f"customer {number}"))
        until(lambda: undecided(everything(home)) == 0, "another to decide")
        hanging.process.send_signal(signal.SIGCONT)
        until(lambda: "lease_lost" in hanging.said(), "it to notice")
        airbook.execute(Reserve(1, "kim"))
        until(lambda: undecided(everything(home)) == 0, "the decision")
        for name in daemons(home, 2):
            company.dismiss(name)
    nothing_is_lost(home, frozenset())
    is_healthy(home)
