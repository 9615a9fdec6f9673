"""Filling a store with decided reservations quickly."""

from __future__ import annotations

from airbook.application.airbook import Airbook
from airbook.daemon.approver import Approver
from airbook.domain.airplane import CreateAirplane
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Append, Transaction

AT_ONCE = 500
SEATS = 1_000


def fill(airbook: Airbook, reservations: int, each: int = SEATS) -> None:
    """Store requests, decide them, and let the views catch up.

    each: requests for each airplane; those beyond SEATS are rejected.
    """
    for _ in range(-(-reservations // each)):
        airbook.execute(CreateAirplane(SEATS))
    for first in range(0, reservations, AT_ONCE):
        last = min(first + AT_ONCE, reservations)
        requests = [
            Append("reservation", None, 0, (ReservationRequested(1 + n // each, f"c{n % 97}"),))
            for n in range(first, last)
        ]
        airbook.log.append(Transaction(at=airbook.clock(), appends=requests))
    approver = Approver(airbook.log, airbook.clock)
    while approver.step():
        pass
    while airbook.queries.views.catch_up():
        pass
