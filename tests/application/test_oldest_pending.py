"""The oldest pending request, as the log alone shows it."""

from __future__ import annotations

import pytest

from airbook.application.airbook import now
from airbook.application.commands import Reserve
from airbook.application.observability.pending import oldest_pending
from airbook.daemon.approver import Approver
from airbook.domain.airplane import CreateAirplane
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.log import Log
from airbook.eventlog.partition import Partition
from airbook.eventlog.records import ParkedReservation, Transaction
from tests.support.commands import Commands
from tests.support.stories import NINE, at


@pytest.fixture
def commands(any_log: Log) -> Commands:
    """Create airplanes 1 to 4, and request a seat of each."""
    commands = Commands(any_log)
    for _ in range(4):
        commands.execute(CreateAirplane(1))
    for number in range(1, 5):
        commands.execute(Reserve(number, "kim"))
    return commands


def oldest(log: Log) -> int | None:
    found = oldest_pending(log)
    return found and found.stream.number


def test_the_first_request_is_the_oldest_until_all_are_decided(
    any_log: Log, commands: Commands
) -> None:
    assert oldest(any_log) == 1
    Approver(any_log, now).step()
    assert oldest(any_log) is None
    commands.execute(Reserve(1, "lee"))
    assert oldest(any_log) == 5


def test_a_cancelled_and_a_parked_request_wait_for_nothing(
    any_log: Log, commands: Commands
) -> None:
    commands.execute(CancelReservation(), 1)
    assert oldest(any_log) == 2
    parked = ParkedReservation(2, 6, "an error", at(0))
    any_log.append(Transaction(at=NINE, parked=(parked,)))
    assert oldest(any_log) == 3


def test_what_another_partition_has_decided_is_not_pending(
    any_log: Log, commands: Commands
) -> None:
    first, second = (Partition(number, 2) for number in (1, 2))
    Approver(any_log, now, first).step()
    left = [number for number in range(1, 5) if second.owns(number)]
    assert oldest(any_log) == min(left)
    Approver(any_log, now, second).step()
    assert oldest(any_log) is None
