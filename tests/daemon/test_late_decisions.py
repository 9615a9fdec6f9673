"""A daemon that comes late decides as one that keeps up: requests are judged by their own time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import pytest
from hypothesis import event, example, given, settings, strategies

from airbook.application.airbook import now
from airbook.application.commands import Reserve
from airbook.daemon.approver import Approver
from airbook.domain.airplane import (
    ChangeSeats,
    CloseAirplane,
    CreateAirplane,
    OpenAirplane,
    Status,
    highest_taken,
)
from airbook.domain.decider import Command
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation, ReservationApproved, ReservationRejected
from airbook.eventlog.log import Log
from airbook.eventlog.partition import Partition
from airbook.eventlog.records import Stream
from tests.support.commands import Commands, airplane_state, reservation_state
from tests.support.fresh_stores import Files, FreshLogs, Memory

AIRPLANES = (1, 2, 3)
Verb = Literal["create", "seats", "close", "open", "reserve", "cancel", "decide", "restart"]
VERBS: tuple[Verb, ...] = ("create", "seats", "close", "open", "cancel", "decide", "restart")
OFTEN: tuple[Verb, ...] = ("reserve", "reserve", "reserve", "close", "open", "decide")
Step = tuple[Verb, int, int]
Decision = ReservationApproved | ReservationRejected

CREATED: Step = ("create", 1, 2)
RESERVED: Step = ("reserve", 1, 1)
CLOSED: Step = ("close", 1, 1)
OPENED: Step = ("open", 1, 1)


def after_creating(airplanes: int, steps: list[Step]) -> list[Step]:
    return [CREATED] * airplanes + steps


PARTITIONS = strategies.integers(1, 3)
STEPS = strategies.builds(
    after_creating,
    strategies.sampled_from((0, 1, 2, 3, 3)),
    strategies.lists(
        strategies.tuples(
            strategies.sampled_from(VERBS + OFTEN),
            strategies.sampled_from(AIRPLANES),
            strategies.integers(1, 4),
        ),
        min_size=10,
        max_size=50,
    ),
)


class Airline:
    """Airplanes and reservations on one log, decided by some approvers when they are told to."""

    def __init__(self, log: Log, partitions: int) -> None:
        self.log = log
        self.commands = Commands(log)
        self.partitions = [Partition(number, partitions) for number in range(1, partitions + 1)]
        self.restart()

    def restart(self) -> None:
        self.approvers = [Approver(self.log, now, partition) for partition in self.partitions]

    def execute(self, command: Command | Reserve, number: int | None = None) -> None:
        with suppress(Refused):
            self.commands.execute(command, number)

    def decide(self, limit: int) -> None:
        for approver in self.approvers:
            approver.step(limit)

    def catch_up(self) -> None:
        while min(approver.position for approver in self.approvers) < self.log.head():
            self.decide(limit=3)

    def reservations(self, airplane: int) -> list[int]:
        every = range(1, self.log.registry.numbers().get("reservation", 0) + 1)
        return [n for n in every if reservation_state(self.log, n).airplane == airplane]

    def is_unsettled(self, airplane: int) -> bool:
        """Return whether a request is pending, or a seat that was given back is not yet free."""
        taken = airplane_state(self.log, airplane).taken
        return any(
            state.status == "received" or (state.status == "cancelled" and number in taken)
            for number in self.reservations(airplane)
            for state in [reservation_state(self.log, number)]
        )

    def decision(self, number: int) -> Decision | None:
        """Return the decision of a reservation; None if it was cancelled before."""
        events = [one.event for one in self.log.stream(Stream("reservation", number))]
        decisions = [one for one in events if isinstance(one, Decision)]
        assert len(decisions) <= 1
        assert decisions or reservation_state(self.log, number).status == "cancelled"
        return next(iter(decisions), None)


class Comparison:
    """The same commands given to two airlines: in one, the approvers come late.

    requested: the status of the airplane at each request. disturbed: the airplanes whose seats
    changed, or were given back, while a request was pending.
    """

    def __init__(self, prompt: Airline, late: Airline) -> None:
        self.prompt = prompt
        self.late = late
        self.requested = dict[int, Status]()
        self.disturbed = set[int]()

    def take(self, verb: Verb, airplane: int, amount: int) -> None:
        match verb:
            case "create":
                self.execute(CreateAirplane(amount))
            case "seats":
                self.disturb(airplane)
                self.execute(ChangeSeats(amount), airplane)
            case "close":
                self.execute(CloseAirplane(), airplane)
            case "open":
                self.execute(OpenAirplane(), airplane)
            case "reserve":
                status = airplane_state(self.prompt.log, airplane).status
                self.requested[len(self.requested) + 1] = status
                self.execute(Reserve(airplane, "kim"))
            case "cancel":
                for number in self.late.reservations(airplane)[amount - 1 : amount]:
                    self.disturb(airplane)
                    self.execute(CancelReservation(), number)
            case "decide":
                self.late.decide(amount)
            case "restart":
                self.late.restart()

    def disturb(self, airplane: int) -> None:
        if self.late.is_unsettled(airplane):
            self.disturbed.add(airplane)

    def execute(self, command: Command | Reserve, number: int | None = None) -> None:
        self.prompt.execute(command, number)
        self.prompt.catch_up()
        self.late.execute(command, number)

    def check(self) -> None:
        for airline in (self.prompt, self.late):
            airline.catch_up()
            for number, status in self.requested.items():
                assert is_just(airline.decision(number), status), (number, status)
            for airplane in AIRPLANES:
                state = airplane_state(airline.log, airplane)
                assert highest_taken(state) <= state.seats
        for airplane in set(AIRPLANES) - self.disturbed:
            for number in self.prompt.reservations(airplane):
                assert self.late.decision(number) == self.prompt.decision(number)
                event(f"the same {self.requested[number]}")


def is_just(decision: Decision | None, requested: Status) -> bool:
    """Return whether a decision fits the status that the airplane had at the request."""
    match decision:
        case ReservationApproved():
            return requested == "open"
        case ReservationRejected(reason="airplane_closed"):
            return requested == "closed"
        case ReservationRejected(reason="no_such_airplane"):
            return requested == "missing"
        case ReservationRejected(reason="no_seats_left"):
            return requested == "open"
        case _:
            return decision is None


def compare(fresh: FreshLogs, steps: Sequence[Step], partitions: int) -> None:
    with fresh.log() as prompt, fresh.log() as late:
        comparison = Comparison(Airline(prompt, 1), Airline(late, partitions))
        for step in steps:
            comparison.take(*step)
        comparison.check()


@settings(max_examples=200)
@example(steps=[CREATED, RESERVED, CLOSED], partitions=1)
@example(steps=[CREATED, CLOSED, RESERVED, OPENED], partitions=1)
@example(steps=[RESERVED, CREATED], partitions=1)
@example(steps=[CREATED, RESERVED, CLOSED, ("restart", 1, 1)], partitions=2)
@given(steps=STEPS, partitions=PARTITIONS)
def test_a_late_daemon_decides_as_one_that_keeps_up(steps: list[Step], partitions: int) -> None:
    compare(Memory(), steps, partitions)


@settings(max_examples=15)
@given(steps=STEPS, partitions=PARTITIONS)
def test_a_late_daemon_decides_as_one_that_keeps_up_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], partitions: int
) -> None:
    compare(Files(tmp_path_factory.mktemp("logs")), steps, partitions)
