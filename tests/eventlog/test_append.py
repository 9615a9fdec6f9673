"""One commit: events appended at an expected version, all of them or none."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, AirplaneState, SeatAssigned
from airbook.domain.decider import Event
from airbook.domain.reservation import ReservationApproved, ReservationRequested
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Append,
    Checkpoint,
    Conflict,
    Customer,
    Fenced,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
    RecordedEvent,
    Stream,
    Transaction,
)
from tests.support.stores import everything_in
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    NINE,
    airplane_state_of,
    at,
    moment,
    of_airplane,
    record,
)

CREATED = AirplaneCreated(5, "제주")
REQUESTED = ReservationRequested(1, "c1")
AIRPLANE_1 = Stream("airplane", 1)
KIM = Customer("c9", "kim")  # c9: the id of no other customer


def new(kind: str, *events: Event) -> Append:
    return Append(kind, None, 0, events)


def test_airplanes_and_reservations_are_numbered_separately(any_log: Log) -> None:
    kinds = ("airplane", "reservation", "airplane", "reservation", "reservation")
    events: dict[str, Event] = {"airplane": CREATED, "reservation": REQUESTED}
    receipts = [
        any_log.append(Transaction(at=NINE, appends=(new(kind, events[kind]),))) for kind in kinds
    ]
    assert receipts == [Receipt(1, 1), Receipt(1, 2), Receipt(2, 3), Receipt(2, 4), Receipt(3, 5)]


def test_appended_events_are_read_in_order(any_log: Log) -> None:
    any_log.append(Transaction(at=moment(1), appends=(new("airplane", CREATED),)))
    assigned = Append("airplane", 1, 1, (SeatAssigned(1, 1), SeatAssigned(2, 2)))
    any_log.append(Transaction(at=moment(2), appends=(new("reservation", REQUESTED), assigned)))
    created = RecordedEvent(
        *(1, AIRPLANE_1, 1, "AirplaneCreated", at(1), CREATED),
        data='{"seats":5,"name":"제주"}'.encode(),
    )
    requested = RecordedEvent(
        *(2, Stream("reservation", 1), 1, "ReservationRequested", at(2), REQUESTED),
        data=b'{"airplane":1,"customer":"c1"}',
    )
    first, second = (
        RecordedEvent(
            *(position, AIRPLANE_1, version, "SeatAssigned", at(2), SeatAssigned(seat, seat)),
            data=f'{{"reservation":{seat},"seat":{seat}}}'.encode(),
        )
        for position, version, seat in ((3, 2, 1), (4, 3, 2))
    )
    assert any_log.after(0) == [created, requested, first, second]
    assert any_log.after(2, limit=1) == [first]
    assert any_log.after(4) == []
    assert any_log.at([4, 9, 1]) == [created, second]
    assert any_log.at([]) == []
    assert any_log.stream(AIRPLANE_1) == [created, first, second]
    assert any_log.stream(AIRPLANE_1, after=1) == [first, second]
    assert any_log.stream(AIRPLANE_1, after=3) == []
    assert any_log.head() == 4


def test_an_empty_log_has_no_head_and_no_streams(any_log: Log) -> None:
    assert (any_log.head(), any_log.after(0), any_log.checkpoint("approver")) == (0, [], 0)
    assert any_log.load(AIRPLANE_1) == (AirplaneState(), 0)


def test_a_stream_is_loaded_with_its_version(any_log: Log) -> None:
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    full = airplane_state_of(AirplaneCreated(5), *(SeatAssigned(n, seat=n) for n in range(1, 6)))
    assert any_log.load(AIRPLANE_1) == (full, 6)


def test_positions_have_no_gaps(any_log: Log) -> None:
    head = record(any_log, *FIVE_SEATS_SIX_CUSTOMERS)
    events = any_log.after(0)
    assert [recorded.position for recorded in events] == list(range(1, head + 1))
    assert [(recorded.stream, recorded.event) for recorded in events] == list(
        FIVE_SEATS_SIX_CUSTOMERS
    )


def test_positions_and_numbers_have_no_gaps_after_commits_that_failed(any_log: Log) -> None:
    any_log.append(Transaction(at=NINE, appends=(new("airplane", CREATED),), customer=KIM))
    failing = (
        Transaction(at=NINE, appends=(new("reservation", REQUESTED), Append("airplane", 1, 0, ()))),
        Transaction(at=NINE, appends=(new("airplane", CREATED),), customer=Customer("c8", "kim")),
        Transaction(at=NINE, appends=(new("airplane", CREATED),), customer=Customer("c9", "lee")),
    )
    for transaction in failing:
        with pytest.raises(Conflict):
            any_log.append(transaction)
    both = (new("airplane", CREATED), new("reservation", REQUESTED))
    assert any_log.append(Transaction(at=NINE, appends=both)) == Receipt(1, 3)
    assert [(recorded.position, str(recorded.stream)) for recorded in any_log.after(0)] == [
        (1, "airplane-1"),
        (2, "airplane-2"),
        (3, "reservation-1"),
    ]


def everything_at_once(*appends: Append, customer: str = "kim", position: int = 7) -> Transaction:
    return Transaction(
        at=NINE,
        appends=appends,
        key=IdempotencyKey("key", "contents"),
        customer=Customer(f"id of {customer}", customer),
        checkpoint=Checkpoint("approver", position),
        parked=(ParkedReservation(9, 1, "error", at(0)),),
        settled=(8,),
    )


def test_all_parts_of_a_transaction_are_stored_together(log: Log, store: Store) -> None:
    log.append(Transaction(at=NINE, parked=(ParkedReservation(8, 1, "error", at(0)),)))
    receipt = log.append(everything_at_once(new("airplane", CREATED)))
    assert (receipt, log.checkpoint("approver")) == (Receipt(1, 1), 7)
    kept = everything_in(store)
    assert {table: kept[table] for table in ("numbers", "keys", "customers", "parked")} == {
        "numbers": [("airplane", 1)],
        "keys": [("key", "contents", 1, 1)],
        "customers": [("id of kim", "kim")],
        "parked": [(9, 1, "error", at(0), 0, 0)],
    }


@pytest.mark.parametrize(
    ("transaction", "error"),
    [
        (everything_at_once(Append("airplane", 1, 0, (CREATED,))), Conflict),
        (
            everything_at_once(new("reservation", REQUESTED), Append("airplane", 1, 0, (CREATED,))),
            Conflict,
        ),
        (everything_at_once(new("airplane", CREATED), customer="lee"), Conflict),
        (everything_at_once(new("reservation", REQUESTED), position=6), Fenced),
        (everything_at_once(new("reservation", REQUESTED), position=5), Fenced),
    ],
    ids=["old version", "old version of the second", "name taken", "position taken", "behind"],
)
def test_a_transaction_that_conflicts_changes_nothing(
    log: Log, store: Store, transaction: Transaction, error: type[Conflict]
) -> None:
    record(log, *of_airplane(1, CREATED))
    log.append(
        Transaction(at=NINE, customer=Customer("c9", "lee"), checkpoint=Checkpoint("approver", 6)),
    )
    before = everything_in(store)
    with pytest.raises(Conflict) as conflict:
        log.append(transaction)
    assert type(conflict.value) is error
    assert everything_in(store) == before


def test_the_number_of_a_failed_transaction_is_used_by_the_next_one(any_log: Log) -> None:
    record(any_log, *of_airplane(1, CREATED))
    too_late = (new("reservation", REQUESTED), Append("airplane", 1, 0, (CREATED,)))
    with pytest.raises(Conflict):
        any_log.append(Transaction(at=NINE, appends=too_late))
    assert (
        any_log.append(Transaction(at=NINE, appends=(new("reservation", REQUESTED),))).number == 1
    )


def test_of_two_equal_decisions_one_is_stored(any_log: Log) -> None:
    record(any_log, *FIVE_SEATS_SIX_CUSTOMERS[:2])
    decision = Transaction(
        at=NINE,
        appends=(
            Append("airplane", 1, 1, (SeatAssigned(1, 1),)),
            Append("reservation", 1, 1, (ReservationApproved(1, 1),)),
        ),
        checkpoint=Checkpoint("approver", 2),
    )
    any_log.append(decision)
    with pytest.raises(Conflict):
        any_log.append(decision)
    assert any_log.head() == 4
