"""An approver does not read its own events again, and misses none of those of others."""

from __future__ import annotations

import pytest

from airbook.application.airbook import now
from airbook.application.commands import Executor, Order, Reserve
from airbook.daemon.approver import Approver
from airbook.daemon.own_events import OwnEvents
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.log import Log
from airbook.eventlog.rows import EventRow
from tests.support.commands import Commands, airplane_state, reservation_state
from tests.support.stores import recorder_of


class WatchedLog(Log):
    """A log that notes which positions are read from it."""

    def __init__(self, log: Log) -> None:
        super().__init__(recorder_of(log))
        self.read = list[int]()

    def rows_after(self, position: int, limit: int) -> list[EventRow]:
        found = super().rows_after(position, limit)
        self.read += [row.position for row in found]
        return found


@pytest.fixture
def commands(any_log: Log) -> Commands:
    commands = Commands(any_log)
    commands.execute(CreateAirplane(20))
    return commands


def reserve(log: Log, times: int) -> None:
    executor = Commands(log)
    for _ in range(times):
        executor.execute(Reserve(1, "kim"))


def test_while_a_backlog_lasts_no_own_event_is_read(any_log: Log, commands: Commands) -> None:
    reserve(any_log, 10)
    log = WatchedLog(any_log)
    deciding = Approver(log, now)
    while deciding.step(limit=3):
        pass
    assert log.read == list(range(1, 12))
    assert len(airplane_state(any_log, 1).taken) == 10
    assert deciding.position == any_log.checkpoint("approver") == any_log.head() == 31


def test_events_of_others_between_own_ones_are_read(any_log: Log, commands: Commands) -> None:
    reserve(any_log, 6)
    log = WatchedLog(any_log)
    deciding = Approver(log, now)
    theirs = list[int]()
    for command, number in (
        (CancelReservation(), 1),
        (ChangeSeats(6), 1),
        (CloseAirplane(), 1),
        (Reserve(1, "lee"), None),
    ):
        deciding.step(limit=2)
        theirs.append(commands.execute(command, number).position)
    while deciding.step(limit=2):
        pass
    assert log.read == [*range(1, 8), *theirs]
    assert airplane_state(any_log, 1).taken == {number: number for number in range(2, 7)}
    assert reservation_state(any_log, 7).status == "rejected"
    assert deciding.position == any_log.head()


def test_after_a_restart_the_own_events_beyond_the_checkpoint_are_read(
    any_log: Log, commands: Commands
) -> None:
    reserve(any_log, 4)
    log = WatchedLog(any_log)
    deciding = Approver(log, now)
    deciding.step(limit=3)
    deciding.restart()
    while deciding.step():
        pass
    assert log.read == list(range(1, 10))
    assert [reservation_state(any_log, n).seat for n in range(1, 5)] == [1, 2, 3, 4]


def test_only_positions_between_own_commits_are_read() -> None:
    own = OwnEvents()
    assert (own.skip(3), own.limit(3, 10)) == (3, 10)
    own.add(6, 8)
    own.add(9, 9)
    own.add(12, 14)
    assert [own.limit(position, 10) for position in (3, 4)] == [2, 1]
    assert own.limit(3, 1) == 1
    assert own.skip(4) == 4
    assert own.skip(5) == 9
    assert own.limit(9, 10) == 2
    assert own.skip(20) == 20
    assert own.limit(20, 10) == 10
    own.add(22, 23)
    own.clear()
    assert (own.skip(21), own.limit(21, 5)) == (21, 5)


def test_many_requests_of_one_commit_are_decided_in_order(any_log: Log, commands: Commands) -> None:
    Executor(any_log, now).execute_all([Order(Reserve(1, f"customer {n}")) for n in range(25)])
    deciding = Approver(any_log, now)
    while deciding.step(limit=7):
        pass
    statuses = [reservation_state(any_log, number).status for number in range(1, 26)]
    assert statuses == ["approved"] * 20 + ["rejected"] * 5
