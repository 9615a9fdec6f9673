"""A daemon that is asked to stop finishes its batch and stops, although requests are pending."""

from __future__ import annotations

import signal

import pytest

from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Append, Customer, Transaction
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.stories import NINE
from tests.support.waiting import until

REQUESTS = 3_000


def ask_for_thousands(home: Home) -> None:
    """Store thousands of requests in one commit."""
    requested = (ReservationRequested(1, "c1"),)
    appends = [Append("reservation", None, 0, requested)] * REQUESTS
    with home.airbook() as airbook:
        airbook.log.append(Transaction(at=NINE, appends=appends, customer=Customer("c1", "kim")))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_stops_in_the_middle_of_thousands(how: signal.Signals, home: Home) -> None:
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    ask_for_thousands(home)
    daemon = home.start("daemon")
    until(lambda: "decided" in daemon.said(), "the first decisions")
    daemon.process.send_signal(how)
    done = daemon.end()
    assert done.code == 0, done
    assert done.err.splitlines()[-1].find('"stopped"') > 0
    pending = undecided(everything(home))
    print(f"{pending} were still pending")
    assert 0 < pending < REQUESTS
    assert home.run("daemon", "--until-idle").code == 0
    nothing_is_lost(home, frozenset())
    is_healthy(home)
