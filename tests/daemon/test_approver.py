"""Decisions of the approver while other processes write to the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from airbook.application.airbook import now
from airbook.application.commands import Reserve
from airbook.daemon.approver import Approver
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane
from airbook.domain.reservation import CancelReservation, ReservationRejected, ReservationState
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.partition import WHOLE, Partition
from airbook.eventlog.records import (
    Fenced,
    ParkedReservation,
    Receipt,
    RecordedEvent,
    Stream,
    Transaction,
)
from airbook.eventlog.rows import Rows
from tests.support.commands import Commands, airplane_state, reservation_state
from tests.support.stores import recorder_of


@pytest.fixture
def commands(any_log: Log) -> Commands:
    """Create airplane 1 with one seat; returns what executes commands on the log."""
    commands = Commands(any_log)
    commands.execute(CreateAirplane(1))
    return commands


def approver(log: Log) -> Approver:
    return Approver(log, now)


class InterruptedLog(Log):
    """A log to which another process writes just before the first commit."""

    meanwhile: Callable[[], object] | None = None

    def append(self, transaction: Transaction) -> Receipt:
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return super().append(transaction)


def interrupted(log: Log, meanwhile: Callable[[], object]) -> InterruptedLog:
    interrupted = InterruptedLog(recorder_of(log))
    interrupted.meanwhile = meanwhile
    return interrupted


def status(log: Log, number: int) -> str:
    return reservation_state(log, number).status


def test_a_rejection_depends_on_the_airplane_at_the_time_of_the_commit(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(Reserve(1, "kim"))
    commands.execute(Reserve(1, "lee"))
    approver(interrupted(any_log, lambda: commands.execute(ChangeSeats(2), 1))).step()
    assert [status(any_log, number) for number in (1, 2)] == ["approved"] * 2


def test_an_airplane_that_is_closed_while_a_request_is_decided_was_open_for_it(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(Reserve(1, "kim"))
    approver(interrupted(any_log, lambda: commands.execute(CloseAirplane(), 1))).step()
    assert status(any_log, 1) == "approved"


def test_a_request_cancelled_while_it_is_decided_is_not_approved(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(Reserve(1, "kim"))
    deciding = approver(interrupted(any_log, lambda: commands.execute(CancelReservation(), 1)))
    while deciding.step():
        pass
    assert status(any_log, 1) == "cancelled"
    assert airplane_state(any_log, 1).taken == {}


def test_a_reservation_that_another_approver_retried_is_settled_again(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(Reserve(1, "kim"))
    parked = ParkedReservation(1, 2, "a fault of yesterday", "2026-11-22T09:00:00.000Z")
    any_log.insert(Rows(parked=[parked]))
    first = approver(any_log)
    first.step()
    assert status(any_log, 1) == "received"
    any_log.retry(1)
    approver(any_log).step()
    assert airplane_state(any_log, 1).taken == {1: 1}
    commands.execute(CancelReservation(), 1)
    while first.step():
        pass
    assert airplane_state(any_log, 1).taken == {}


class BusyLog(Log):
    """A log whose streams cannot be read."""

    def stream(self, stream: Stream, after: int = 0) -> list[RecordedEvent]:
        raise StoreError("store_busy", f"{stream} after {after}")


def test_no_reservation_is_parked_for_an_error_of_the_store(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(CreateAirplane(1))
    before = any_log.head()
    commands.execute(Reserve(1, "kim"))
    deciding = approver(BusyLog(recorder_of(any_log)))
    deciding.position = before  # the state of the airplane is not in the cache
    with pytest.raises(StoreError):
        deciding.step()
    assert any_log.registry.parked() == []
    approver(any_log).step()
    assert status(any_log, 1) == "approved"


def test_a_decision_is_one_commit_and_its_events_are_not_read_again(
    any_log: Log, commands: Commands
) -> None:
    deciding = approver(any_log)
    deciding.step()
    commands.execute(Reserve(1, "kim"))
    deciding.step()
    assert deciding.position == any_log.checkpoint("approver") == any_log.head()
    assert deciding.step() is None


def test_events_that_others_appended_before_a_decision_are_read(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(Reserve(1, "kim"))
    deciding = approver(interrupted(any_log, lambda: commands.execute(Reserve(2, "lee"))))
    deciding.step()
    assert deciding.position == any_log.checkpoint("approver") == 2
    while deciding.step():
        pass
    last = any_log.stream(Stream("reservation", 2))[-1]
    assert last.event == ReservationRejected(2, "no_such_airplane")


def test_an_approver_of_a_partition_reads_its_own_decisions_again_without_a_commit(
    any_log: Log,
) -> None:
    share, commands = Partition(1, 2), Commands(any_log)
    ours, theirs = (next(n for n in range(1, 9) if share.owns(n) is own) for own in (True, False))
    commands.execute(Reserve(ours, "kim"))
    log = interrupted(any_log, lambda: commands.execute(Reserve(theirs, "lee")))
    deciding = Approver(log, now, share)
    assert (deciding.step() is not None, deciding.position) == (True, 1)
    assert (deciding.step(), deciding.position) == (None, any_log.head())
    assert any_log.registry.checkpoints() == {share.subscriber: 1}


def test_a_fenced_approver_forgets_what_it_did_not_commit(any_log: Log, commands: Commands) -> None:
    commands.execute(Reserve(1, "kim"))
    parked = ParkedReservation(1, 2, "a fault of another approver", "2026-11-22T09:00:00.000Z")
    by_another = Rows(parked=[parked], checkpoints={"approver": 2})
    deciding = approver(interrupted(any_log, lambda: any_log.insert(by_another)))
    with pytest.raises(Fenced):
        deciding.step()
    deciding.restart()
    commands.execute(ChangeSeats(2), 1)
    commands.execute(ChangeSeats(1), 1)
    commands.execute(Reserve(1, "lee"))
    while deciding.step():
        pass
    assert reservation_state(any_log, 2) == ReservationState("approved", 1, 1)
    assert airplane_state(any_log, 1).taken == {2: 1}


def test_a_reservation_is_parked_while_every_commit_conflicts_and_the_others_are_decided(
    any_log: Log, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airbook.daemon.approver.ATTEMPTS", 3)
    commands.execute(CreateAirplane(1))
    for airplane in (2, 1, 2):
        commands.execute(Reserve(airplane, "kim"))
    seats = list(range(2, 10))

    def change_seats_again() -> None:
        commands.execute(ChangeSeats(seats.pop(0)), 1)
        log.meanwhile = change_seats_again

    log = interrupted(any_log, change_seats_again)
    deciding = approver(log)
    transaction = deciding.step()
    assert transaction is not None
    (parked,) = transaction.parked
    assert parked == ParkedReservation(2, 4, "no commit in 3 attempts", parked.at)
    assert any_log.registry.parked() == [parked]
    assert [status(any_log, number) for number in (1, 2, 3)] == ["approved", "received", "rejected"]
    assert any_log.retry(2)
    while approver(any_log).step():
        pass
    assert (status(any_log, 2), any_log.registry.parked()) == ("approved", [])


def test_a_retry_that_conflicts_each_time_stays_parked(
    any_log: Log, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airbook.daemon.approver.ATTEMPTS", 3)
    commands.execute(Reserve(1, "kim"))
    fault = ParkedReservation(1, 2, "a fault of yesterday", "2026-11-22T09:00:00.000Z", retry=True)
    any_log.insert(Rows(parked=[fault], checkpoints={"approver": 2}))
    seats = list(range(2, 5))

    def change_seats_three_times() -> None:
        if seats:
            commands.execute(ChangeSeats(seats.pop(0)), 1)
            log.meanwhile = change_seats_three_times

    log = interrupted(any_log, change_seats_three_times)
    approver(log).step()
    (parked,) = any_log.registry.parked()
    assert (parked.error, parked.retry) == ("no commit in 3 attempts", False)
    assert status(any_log, 1) == "received"


@pytest.mark.parametrize("partition", [WHOLE, Partition(1, 2)])
def test_a_parked_reservation_that_does_not_exist_leaves_nothing_to_do(
    any_log: Log, commands: Commands, partition: Partition
) -> None:
    commands.execute(Reserve(1, "kim"))
    parked = ParkedReservation(99, 1, "written by hand", "2026-11-22T09:00:00.000Z", retry=True)
    any_log.insert(Rows(parked=[parked]))
    deciding = Approver(any_log, now, partition)
    deciding.step()
    assert deciding.step() is None
    assert any_log.registry.parked() == [parked]
