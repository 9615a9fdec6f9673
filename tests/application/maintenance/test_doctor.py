"""The doctor and parked reservations: a dropped one is no finding, whatever became of it."""

from __future__ import annotations

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.maintenance.doctor import examine
from airbook.application.maintenance.findings import Finding
from airbook.application.stores.store import Store
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.partition import APPROVER
from airbook.eventlog.records import Checkpoint, ParkedReservation, Transaction
from tests.support.stories import NINE, at

PARKED = "Reservation {number} is parked: {error}"
STUCK = "Reservation {number} was passed over without a decision."


def test_a_dropped_reservation_is_neither_parked_nor_stuck(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        for name in ("kim", "lee", "park"):
            airbook.execute(Reserve(1, name))
        parked = [
            ParkedReservation(1, 2, "a fault", at(5), dropped=True),
            ParkedReservation(2, 3, "another fault", at(5)),
        ]
        checkpoint = Checkpoint(APPROVER, 4)
        airbook.log.append(Transaction(at=NINE, checkpoint=checkpoint, parked=parked))
        report = examine(airbook)
    assert (report.events, report.findings) == (
        4,
        [
            Finding("stuck", STUCK, {"number": 3}),
            Finding("parked", PARKED, {"number": 2, "error": "another fault"}),
        ],
    )
