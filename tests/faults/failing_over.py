"""A daemon that is killed while two others stand by."""

from __future__ import annotations

import time
from collections.abc import Sequence

from airbook.application.commands import Reserve
from airbook.eventlog.records import Stream
from tests.faults.company import Company, at_work, daemons
from tests.faults.promises import is_healthy, nothing_is_lost
from tests.support.home import Home
from tests.support.waiting import until


def failed_over(home: Home, *, times: int) -> Sequence[float]:
    """Kill the daemon that decides, `times` times; returns the seconds of each takeover."""
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    with at_work(home, daemons(home, 3)) as company:
        seconds = [another_decides(company) for _ in range(times)]
        company.assemble()
        for name in daemons(home, 3):
            company.dismiss(name)
    nothing_is_lost(
        home, {(f"reservation-{n}", "ReservationApproved") for n in range(1, times + 1)}
    )
    is_healthy(home)
    return seconds


def another_decides(company: Company) -> float:
    """Kill the daemon that decides, and reserve; returns the seconds until the decision."""
    name = company.assemble()
    with company.home.airbook() as airbook:
        assert airbook.log.head() > 0
        begun = time.monotonic()
        company.kill(name)
        stream = Stream("reservation", airbook.execute(Reserve(1, "kim")).number)
        until(lambda: len(airbook.log.stream(stream)) == 2, "another daemon to decide")
        seconds = time.monotonic() - begun
    company.restart(name)
    return seconds
