"""Transactions that are appended together have the results they would have one after another."""

from __future__ import annotations

from airbook.application.stores.store import Store
from airbook.domain.airplane import SeatAssigned
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Append,
    Checkpoint,
    Conflict,
    Customer,
    Fenced,
    ParkedReservation,
    Receipt,
    Transaction,
)
from tests.eventlog.groups import (
    CREATED,
    KIM,
    STALE,
    comparable,
    only,
)
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION, reserving
from tests.support.stores import everything_in, transactions
from tests.support.stories import NINE, at, of_airplane, record


def seat(number: int) -> Append:
    return Append("airplane", 1, number, (SeatAssigned(number, number),))


GROUP = (
    (reserving("a"), Receipt(1, 2)),
    (only(NEW_RESERVATION, STALE), Conflict),
    (reserving("a"), Receipt(1, 2, repeated=True)),
    (reserving("a", airplane=2), ("key_reused", "a")),
    (reserving("b", customer=KIM), Receipt(2, 3)),
    (reserving("c", customer=Customer("c2", "kim")), Conflict),
    (only(seat(1)), Receipt(1, 4)),
    (only(NEW_RESERVATION, seat(1)), Conflict),
    (only(NEW_RESERVATION, seat(2)), Receipt(1, 6)),
    (Transaction(at=NINE, checkpoint=Checkpoint("approver", 4)), Receipt(0, 0)),
    (Transaction(at=NINE, appends=[NEW_AIRPLANE], checkpoint=Checkpoint("approver", 4)), Fenced),
    (only(NEW_AIRPLANE), Receipt(2, 7)),
)


def test_each_transaction_of_a_group_gets_its_own_result(any_log: Log) -> None:
    record(any_log, *of_airplane(1, CREATED))
    results = any_log.append_all([transaction for transaction, _ in GROUP])
    assert [comparable(result) for result in results] == [result for _, result in GROUP]


def test_a_refused_transaction_leaves_no_row_and_the_others_of_its_group_are_stored(
    log: Log, store: Store
) -> None:
    record(log, *of_airplane(1, CREATED))
    log.append_all([transaction for transaction, _ in GROUP])
    assert [
        (recorded.position, str(recorded.stream), recorded.version) for recorded in log.after(0)
    ] == [
        (1, "airplane-1", 1),
        (2, "reservation-1", 1),
        (3, "reservation-2", 1),
        (4, "airplane-1", 2),
        (5, "reservation-3", 1),
        (6, "airplane-1", 3),
        (7, "airplane-2", 1),
    ]
    kept = everything_in(store)
    assert {table: sorted(kept[table]) for table in ("numbers", "keys", "customers")} == {
        "numbers": [("airplane", 2), ("reservation", 3)],
        "keys": [("a", "reserve 1", 1, 2), ("b", "reserve 1", 2, 3)],
        "customers": [("c1", "kim")],
    }
    assert log.checkpoint("approver") == 4


def test_a_group_is_one_transaction_of_the_database(log: Log, store: Store) -> None:
    record(log, *of_airplane(1, CREATED))
    before = transactions(store)
    log.append_all([transaction for transaction, _ in GROUP])
    assert transactions(store) == before + 1


def test_a_group_in_which_all_are_refused_changes_nothing(log: Log, store: Store) -> None:
    log.append(reserving("a"))
    before = everything_in(store)
    results = log.append_all([reserving("a", airplane=2), only(NEW_RESERVATION, seat(1))])
    assert [comparable(result) for result in results] == [("key_reused", "a"), Conflict]
    assert everything_in(store) == before


def test_an_empty_group_is_accepted(any_log: Log) -> None:
    assert list(any_log.append_all([])) == []
    assert any_log.head() == 0


def test_a_decision_that_no_airplane_exists_conflicts_once_there_is_one(any_log: Log) -> None:
    without_airplane = only(NEW_RESERVATION, Append("airplane", 1, 0, ()))
    results = any_log.append_all([only(NEW_AIRPLANE), without_airplane])
    assert [comparable(result) for result in results] == [Receipt(1, 1), Conflict]


def test_a_transaction_can_continue_a_stream_that_its_group_began(any_log: Log) -> None:
    results = any_log.append_all(
        [only(NEW_AIRPLANE), only(STALE), only(seat(1)), only(NEW_AIRPLANE)]
    )
    assert [comparable(result) for result in results] == [
        Receipt(1, 1),
        Conflict,
        Receipt(1, 2),
        Receipt(2, 3),
    ]


def test_a_reservation_settled_and_parked_again_in_one_group_is_parked(any_log: Log) -> None:
    parked = ParkedReservation(3, 4, "ValueError: no", at(0))
    any_log.append_all([Transaction(at=NINE, settled=(3,)), Transaction(at=NINE, parked=(parked,))])
    assert any_log.registry.parked() == [parked]
