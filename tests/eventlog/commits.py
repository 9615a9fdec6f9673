"""A story of commits in which every table of a log takes part."""

from __future__ import annotations

from airbook.domain.airplane import SeatAssigned
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Append,
    Checkpoint,
    Customer,
    ParkedReservation,
    Transaction,
)
from tests.support.other_processes import NEW_AIRPLANE, reserving
from tests.support.stories import NINE, at

KIM, LEE = Customer("c1", "김민준"), Customer("c2", "lee")
PARKED = ParkedReservation(2, 3, "ValueError: 안 됨", at(0))
SEAT = Append("airplane", 1, 1, (SeatAssigned(1, 1),))


def only(*appends: Append) -> Transaction:
    return Transaction(at=NINE, appends=appends)


def moved(position: int) -> Transaction:
    return Transaction(at=NINE, checkpoint=Checkpoint("approver", position))


# Each commit, with its position and its number of events.
COMMITS: tuple[tuple[tuple[Transaction, ...], int, int], ...] = (
    ((only(NEW_AIRPLANE),), 1, 1),
    ((reserving("a", customer=KIM),), 2, 1),
    ((reserving("b", customer=LEE), reserving("c"), reserving("a")), 4, 2),
    ((moved(2),), 4, 0),
    ((Transaction(at=NINE, parked=(PARKED,), checkpoint=Checkpoint("approver", 3)),), 4, 0),
    ((only(SEAT),), 5, 1),
    ((Transaction(at=NINE, settled=(2,), checkpoint=Checkpoint("approver", 5)),), 5, 0),
    ((Transaction(at=NINE, parked=(PARKED,)),), 5, 0),
)
EVENTS = 5  # of all commits


def given_commits(log: Log) -> None:
    for transactions, _, _ in COMMITS:
        log.append_all(transactions)
