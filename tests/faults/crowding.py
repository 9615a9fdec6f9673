"""Many requests at the same time, and a daemon that starts late."""

from __future__ import annotations

import time

from airbook.application.commands import Reserve
from tests.faults.actors import Actor
from tests.faults.company import at_work, daemons
from tests.faults.promises import (
    Acknowledged,
    acknowledged_by,
    counts,
    everything,
    is_healthy,
    nothing_is_lost,
    undecided,
)
from tests.support.home import Home
from tests.support.waiting import until

NO_DAEMON = "No daemon is running: reservations wait until one is.\nhint: airbook daemon\n"
DECIDED_SECONDS = 600.0  # tens of thousands of requests, on a busy machine


def crowd_reserves(home: Home, *, seats: int, requests: int, by_command: int) -> None:
    """Request more seats than there are, from four processes, with three daemons.

    by_command: how many of the requests are commands of their own, two at a time.
    """
    acknowledged = set[tuple[str, str]]()
    assert home.here("admin", "add-plane", "--seats", str(seats)).code == 0
    each = (requests - by_command) // 4
    actors = [Actor(f"actor{number}", home, times=each) for number in range(4)]
    with at_work(home, daemons(home, 3)) as company:
        company.assemble()
        with at_work(home, {actor.name: actor.start for actor in actors}) as crowd:
            for _ in range(by_command // 2):
                acknowledged |= two_commands(home)
            for actor in actors:
                crowd.finish(actor.name)
                acknowledged |= actor.acknowledged()
        until(lambda: undecided(everything(home)) == 0, "all to be decided", DECIDED_SECONDS)
        for name in daemons(home, 3):
            company.dismiss(name)
    assert len(acknowledged) == requests
    nothing_is_lost(home, acknowledged)
    decided = counts(home)
    assert (decided["ReservationApproved"], decided["ReservationRejected"]) == (
        seats,
        requests - seats,
    )
    is_healthy(home)


def two_commands(home: Home) -> Acknowledged:
    answers = [process.end() for process in [home.start("reserve", "1") for _ in range(2)]]
    # A daemon that a busy machine does not let beat for seconds counts as not running.
    assert [answer.code for answer in answers] == [0, 0], answers
    assert {answer.err for answer in answers} <= {"", NO_DAEMON}, answers
    return {event for answer in answers for event in acknowledged_by(answer, "reserve")}


def a_daemon_comes_late(home: Home, *, requests: int) -> float:
    """Reserve without a daemon, then start one; returns the seconds until all is decided."""
    assert home.here("admin", "add-plane", "--seats", "300").code == 0
    with home.airbook() as airbook:
        for number in range(1, requests + 1):
            assert airbook.execute(Reserve(1, f"customer {number % 50}")).number == number
        assert undecided(everything(home)) == requests
        begun = time.monotonic()
        with home.daemon():
            until(
                lambda: airbook.log.checkpoint("approver") > requests,
                "all to be decided",
                DECIDED_SECONDS,
            )
            seconds = time.monotonic() - begun
            until(lambda: airbook.queries.views.position() == airbook.log.head(), "all to be seen")
        found = airbook.queries.status()
    assert {view.lag_events for view in found.views} == {0}
    assert found.reservations == {
        "received": 0,
        "approved": 300,
        "rejected": requests - 300,
        "cancelled": 0,
    }
    nothing_is_lost(
        home, {(f"reservation-{n}", "ReservationRequested") for n in range(1, requests)}
    )
    is_healthy(home)
    return seconds
