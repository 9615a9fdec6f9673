"""A daemon that hangs is replaced, whatever the clock said when it last wrote a heartbeat."""

from __future__ import annotations

import json
import signal

from airbook.application.commands import Reserve
from tests.faults.company import at_work, daemons
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.stores import execute
from tests.support.waiting import until


def shift_heartbeat(home: Home, seconds: int) -> None:
    """Rewrite the last heartbeat as a clock that is wrong would have written it."""
    if home.url is not None:
        execute(home.kept, "UPDATE heartbeats SET at = at + make_interval(secs => ?)", seconds)
        return
    with home.lease.open("r+") as file:
        written = file.read()
        heartbeat = json.loads(written)
        heartbeat["at"] += seconds
        file.seek(0)
        file.write(json.dumps(heartbeat).ljust(len(written)))


def test_a_daemon_hangs_after_a_heartbeat_of_the_next_hour(home: Home) -> None:
    assert home.here("admin", "add-plane", "--seats", "3").code == 0
    with home.airbook() as airbook, at_work(home, daemons(home, 2)) as company:
        hanging = company.processes[company.assemble()]
        until(
            lambda: airbook.log.checkpoint("approver") == airbook.log.head(),
            "nothing to be written",
        )
        hanging.send_signal(signal.SIGSTOP)
        shift_heartbeat(home, 3_600)
        for number in range(5):
            airbook.execute(Reserve(1, f"customer {number}"))
        until(lambda: undecided(everything(home)) == 0, "another to decide")
        hanging.send_signal(signal.SIGCONT)
        until(lambda: "lease_lost" in hanging.said(), "it to notice")
        for name in daemons(home, 2):
            company.dismiss(name)
    nothing_is_lost(home, frozenset())
    is_healthy(home)
