"""What the approver commits: decisions, parked reservations and its checkpoint."""

from __future__ import annotations

import pytest

from airbook.application.commands import Executor, Order, Reserve
from airbook.daemon.approver import PAGES_PER_REQUEST, Approver
from airbook.domain.airplane import CloseAirplane, CreateAirplane, OpenAirplane, SeatAssigned
from airbook.domain.reservation import (
    CancelReservation,
    ReservationApproved,
    ReservationRejected,
    ReservationState,
)
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.partition import WHOLE, Partition
from airbook.eventlog.records import (
    DAEMON,
    Append,
    Checkpoint,
    ParkedReservation,
    Stream,
    Transaction,
)
from airbook.eventlog.rows import Rows
from tests.support.commands import Commands, reservation_state
from tests.support.stores import insert_as_is, recorder_of
from tests.support.stories import NINE, at

SHARE = Partition(1, 2)
OURS, THEIRS = (next(n for n in range(1, 9) if SHARE.owns(n) is owned) for owned in (True, False))
FAULT = ParkedReservation(1, 2, "a fault of yesterday", at(3))


@pytest.fixture
def commands(any_log: Log) -> Commands:
    return Commands(any_log)


def approver(log: Log, partition: Partition = WHOLE) -> Approver:
    return Approver(log, lambda: NINE, partition)


def committed(
    appends: list[Append], settled: list[int], checkpoint: Checkpoint | None
) -> Transaction:
    """Return a transaction of an approver that parks nothing."""
    return Transaction(
        at=NINE, appends=appends, checkpoint=checkpoint, parked=[], settled=settled, actor=DAEMON
    )


class WatchedLog(Log):
    """A log that notes how many pages it is told that others have written."""

    def __init__(self, log: Log) -> None:
        super().__init__(recorder_of(log))
        self.noted = list[int]()

    def note_written(self, pages: int) -> None:
        self.noted.append(pages)
        super().note_written(pages)


def test_a_step_returns_the_transaction_of_all_decisions(any_log: Log, commands: Commands) -> None:
    commands.execute(CreateAirplane(1))
    for customer in ("kim", "lee", "park"):
        commands.execute(Reserve(1, customer))
    commands.execute(CancelReservation(), 1)  # nothing is due for it
    log = WatchedLog(any_log)
    deciding = approver(log)
    appends = [
        Append("airplane", 1, 1, (SeatAssigned(2, 1),), 3),
        Append("reservation", 2, 1, (ReservationApproved(1, 1),), 3),
        Append("airplane", 1, 2, (), 4),
        Append("reservation", 3, 1, (ReservationRejected(1, "no_seats_left"),), 4),
    ]
    checkpoint = Checkpoint("approver", 5, include_own=True)
    assert deciding.step() == committed(appends, [], checkpoint)
    assert log.noted == [PAGES_PER_REQUEST * 5]
    assert (deciding.step(), any_log.checkpoint("approver")) == (None, any_log.head())


def test_what_others_have_written_is_noted_once(any_log: Log, commands: Commands) -> None:
    commands.execute(CreateAirplane(9))
    for _ in range(4):
        commands.execute(Reserve(1, "kim"))
    log = WatchedLog(any_log)
    deciding = approver(log)
    while deciding.step(limit=2):
        pass
    commands.execute(Reserve(1, "lee"))
    while deciding.step(limit=2):
        pass
    assert log.noted == [PAGES_PER_REQUEST * 5, PAGES_PER_REQUEST]


def test_a_checkpoint_waits_until_a_batch_of_other_airplanes_was_read(any_log: Log) -> None:
    commands, deciding = Executor(any_log, lambda: NINE), approver(any_log, SHARE)
    steps = list[tuple[Transaction | None, int]]()
    for count in (BATCH - 1, 1, BATCH - 1, 1):
        commands.execute_all([Order(Reserve(THEIRS, "kim"))] * count)
        steps.append((deciding.step(), deciding.position))
    first, second = (
        committed([], [], Checkpoint(SHARE.subscriber, batches * BATCH, include_own=True))
        for batches in (1, 2)
    )
    assert steps == [
        (None, BATCH - 1),
        (first, BATCH),
        (None, 2 * BATCH - 1),
        (second, 2 * BATCH),
    ]


def test_the_checkpoint_passes_the_events_of_a_retry(any_log: Log, commands: Commands) -> None:
    commands.execute(CreateAirplane(1))
    commands.execute(Reserve(1, "kim"))
    any_log.insert(Rows(parked=[FAULT], checkpoints={"approver": 2}))
    deciding = approver(any_log)
    assert deciding.step() is None
    any_log.retry(1)
    appends = [
        Append("airplane", 1, 1, (SeatAssigned(1, 1),), 2),
        Append("reservation", 1, 1, (ReservationApproved(1, 1),), 2),
    ]
    checkpoint = Checkpoint("approver", 4, include_own=True)
    assert [deciding.step() for _ in range(3)] == [
        committed(appends, [1], None),
        committed([], [], checkpoint),
        None,
    ]
    assert any_log.registry.checkpoints() == {"approver": 4}
    assert any_log.registry.parked() == []


@pytest.mark.parametrize("position", [2, 4])
def test_a_retry_is_judged_by_the_airplane_at_the_position_of_the_request(
    any_log: Log, commands: Commands, position: int
) -> None:
    """A parked row has the position of the event that asked for the decision, like a later one."""
    commands.execute(CreateAirplane(1))
    commands.execute(Reserve(1, "kim"))
    commands.execute(CloseAirplane(), 1)
    commands.execute(Reserve(1, "lee"))
    commands.execute(OpenAirplane(), 1)
    parked = [ParkedReservation(number, position, "a fault", at(3)) for number in (1, 2)]
    any_log.insert(Rows(parked=parked, checkpoints={"approver": 5}))
    for number in (2, 1):
        any_log.retry(number)
        approver(any_log).step()
    assert reservation_state(any_log, 1) == ReservationState("approved", 1, 1)
    last = any_log.stream(Stream("reservation", 2))[-1]
    assert last.event == ReservationRejected(1, "airplane_closed")


def test_a_retry_that_fails_parks_the_reservation_again(any_log: Log, commands: Commands) -> None:
    commands.execute(CreateAirplane(1))
    commands.execute(Reserve(1, "kim"))
    insert_as_is(any_log, "airplane-1", 2, "SeatsChanged.v1", b"{}")
    any_log.insert(Rows(parked=[FAULT], checkpoints={"approver": 3}))
    any_log.retry(1)
    transaction = approver(any_log).step()
    assert transaction is not None
    (parked,) = transaction.parked
    assert parked.error.startswith("UnreadableStream: airplane-1 version 2 (SeatsChanged): ")
    assert parked == ParkedReservation(1, 2, parked.error, at(0))
    assert transaction == Transaction(
        at=NINE, appends=[], parked=[parked], settled=[], actor=DAEMON
    )
    assert any_log.registry.parked() == [parked]


def test_an_unreadable_event_of_an_airplane_settles_no_reservation_of_the_same_number(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(CreateAirplane(1))
    insert_as_is(any_log, "airplane-2", 1, "AirplaneCreated.v1", b"{}")
    commands.execute(Reserve(1, "kim"))
    commands.execute(Reserve(1, "lee"))
    deciding = approver(any_log)
    while deciding.step(limit=3):
        pass
    statuses = [reservation_state(any_log, number).status for number in (1, 2)]
    assert statuses == ["approved", "rejected"]


def test_decisions_are_by_the_daemon_and_caused_by_what_asked_for_them(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(CreateAirplane(1))
    for customer in ("kim", "lee"):
        commands.execute(Reserve(1, customer))
    deciding = approver(any_log)
    deciding.step()
    commands.execute(CancelReservation(), 1)
    deciding.step()
    acted = [(one.type, one.by, one.cause) for one in any_log.after(3)]
    assert acted == [
        ("SeatAssigned", "daemon", 2),
        ("ReservationApproved", "daemon", 2),
        ("ReservationRejected", "daemon", 3),
        ("ReservationCancelled", None, None),
        ("SeatReleased", "daemon", 7),
    ]
    assert any_log.registry.actors.all("", 9) == []
