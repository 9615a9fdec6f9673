"""The daemon's log of decisions: a line each, or sums while there are many."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from airbook.daemon.approver import Approver
from airbook.daemon.backlog import Asked
from airbook.daemon.decision_log import LINES_PER_SECOND, DecisionLog
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRequested,
)
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, ParkedReservation, Transaction
from airbook.eventlog.rows import Rows
from tests.daemon.clock import Clock
from tests.daemon.logged import Logged
from tests.support.stories import NINE, at, moment, of_airplane, of_reservation, record


class Deciding:
    """An approver whose decisions are logged, a tenth of a second after the story began."""

    def __init__(self, log: Log, level: int = logging.INFO) -> None:
        self.log = log
        self.clock = Clock()
        self.logged = Logged(level)
        self.decision_log = DecisionLog(self.logged.logger, self.clock.monotonic)
        self.approver = Approver(log, lambda: moment(100))

    def request(self, count: int, airplane: int = 1) -> None:
        """Request seats of an airplane at nine o'clock."""
        event = ReservationRequested(airplane, "c1")
        requests = [Append("reservation", None, 0, (event,)) for _ in range(count)]
        self.log.append(Transaction(at=NINE, appends=requests))

    def decide(self) -> list[dict[str, Any]]:
        """Decide all that is pending; returns the lines without event and level."""
        while transaction := self.approver.step():
            self.decision_log.add(transaction, self.approver.due)
        return self.decided()

    def wait(self, seconds: float) -> list[dict[str, Any]]:
        """Let time pass; returns the lines that are written at its end."""
        self.clock.seconds += seconds
        self.decision_log.tick()
        return self.decided()

    def decided(self) -> list[dict[str, Any]]:
        lines = [dict(line) for line in self.logged.lines()]
        assert {line.pop("event") for line in lines} <= {"decided"}
        assert {line.pop("log_level") for line in lines} <= {"info"}
        return lines


def rejected(*reservations: int) -> list[dict[str, Any]]:
    """Return the lines of rejected requests for an airplane that does not exist."""
    return [
        {
            "reservation": number,
            "airplane": 1,
            "outcome": "rejected",
            "reason": "no_such_airplane",
            "waited_ms": 100,
        }
        for number in reservations
    ]


def summed(rejected: int, in_ms: int) -> list[dict[str, Any]]:
    """Return the line that sums up rejections."""
    counts = {"approved": 0, "rejected": rejected, "cancelled": 0}
    return [{**counts, "in_ms": in_ms, "longest_wait_ms": 100}]


def test_each_decision_has_a_line_with_its_outcome_its_reason_and_the_time_waited(
    any_log: Log,
) -> None:
    record(
        any_log,
        *of_airplane(1, AirplaneCreated(1)),
        *of_reservation(1, ReservationRequested(1, "c1")),
        *of_reservation(2, ReservationRequested(1, "c2")),
        *of_reservation(3, ReservationRequested(7, "c3")),
    )
    deciding = Deciding(any_log)
    assert deciding.decide() == [
        {"reservation": 1, "airplane": 1, "outcome": "approved", "seat": 1, "waited_ms": 98},
        {
            "reservation": 2,
            "airplane": 1,
            "outcome": "rejected",
            "reason": "no_seats_left",
            "waited_ms": 97,
        },
        {
            "reservation": 3,
            "airplane": 7,
            "outcome": "rejected",
            "reason": "no_such_airplane",
            "waited_ms": 96,
        },
    ]
    record(any_log, *of_reservation(1, ReservationCancelled(1, 1)))
    assert deciding.decide() == [
        {"reservation": 1, "airplane": 1, "outcome": "cancelled", "seat": 1, "waited_ms": 91},
    ]


def test_a_retried_reservation_has_waited_since_its_request(any_log: Log) -> None:
    deciding = Deciding(any_log)
    deciding.request(1)
    any_log.insert(Rows(parked=[ParkedReservation(1, 1, "a fault of yesterday", at(1))]))
    assert deciding.decide() == []
    any_log.retry(1)
    assert deciding.decide() == rejected(1)


def test_a_decision_of_a_clock_that_was_set_back_has_waited_for_nothing(any_log: Log) -> None:
    deciding = Deciding(any_log)
    request = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
    any_log.append(Transaction(at=NINE + timedelta(hours=1), appends=[request]))
    assert [line["waited_ms"] for line in deciding.decide()] == [0]


def test_what_exceeds_the_lines_of_a_second_is_summed_up(any_log: Log) -> None:
    deciding = Deciding(any_log)
    deciding.request(LINES_PER_SECOND - 1)
    assert deciding.decide() == rejected(*range(1, 20))
    deciding.request(4)
    assert deciding.decide() == rejected(20)
    assert deciding.wait(0.5) == []
    deciding.request(2)
    assert deciding.decide() == []
    assert deciding.wait(0.5) == summed(5, in_ms=1000)


def test_a_busy_daemon_logs_sums_only_until_a_second_is_quiet_again(any_log: Log) -> None:
    deciding = Deciding(any_log)
    deciding.request(LINES_PER_SECOND + 1)
    assert deciding.decide() == rejected(*range(1, 21))
    assert deciding.wait(1) == summed(1, in_ms=1000)
    deciding.request(LINES_PER_SECOND + 1)
    assert deciding.decide() == []
    assert deciding.wait(1.25) == summed(21, in_ms=1250)
    deciding.request(LINES_PER_SECOND)
    assert deciding.decide() == []
    deciding.clock.seconds += 1
    deciding.request(1)
    assert deciding.decide() == [*summed(20, in_ms=1000), *rejected(63)]
    assert deciding.wait(1) == []


def test_a_daemon_that_stops_logs_its_sums_at_once(any_log: Log) -> None:
    deciding = Deciding(any_log)
    deciding.request(LINES_PER_SECOND + 3)
    deciding.decide()
    deciding.clock.seconds += 0.125
    deciding.decision_log.flush()
    assert deciding.decided() == summed(3, in_ms=125)
    deciding.decision_log.flush()
    assert deciding.decided() == []


def test_every_decision_has_a_line_at_debug(any_log: Log) -> None:
    deciding = Deciding(any_log, logging.DEBUG)
    deciding.request(LINES_PER_SECOND + 2)
    levels = ["info"] * LINES_PER_SECOND + ["debug"] * 2
    while transaction := deciding.approver.step():
        deciding.decision_log.add(transaction, deciding.approver.due)
    assert deciding.logged.lines() == [
        {**line, "event": "decided", "log_level": level}
        for line, level in zip(rejected(*range(1, 23)), levels, strict=True)
    ]
    assert deciding.wait(1) == summed(2, in_ms=1000)


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_only_parked_reservations_are_logged_above_info(any_log: Log, level: int) -> None:
    deciding = Deciding(any_log, level)
    deciding.request(LINES_PER_SECOND + 2)
    assert (deciding.decide(), deciding.wait(1)) == ([], [])
    parked = ParkedReservation(1, 1, "a fault", at(1))
    deciding.decision_log.add(Transaction(at=NINE, parked=[parked]), {})
    line = {"event": "parked", "log_level": "error", "reservation": 1, "error": "a fault"}
    assert deciding.logged.lines() == [line]


def test_a_reservation_whose_seat_was_assigned_before_has_its_seat_in_the_line(
    any_log: Log,
) -> None:
    deciding = Deciding(any_log)
    deciding.request(1)
    approved = Transaction(
        at=moment(7),
        appends=[
            Append("airplane", 1, 2, ()),
            Append("reservation", 1, 1, (ReservationApproved(1, 4),)),
        ],
    )
    deciding.decision_log.add(approved, {1: Asked(1, at(0))})
    assert deciding.decided() == [
        {"reservation": 1, "airplane": 1, "outcome": "approved", "seat": 4, "waited_ms": 7}
    ]
