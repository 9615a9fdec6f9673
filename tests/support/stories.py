"""The language of the tests: given events, when a command, then events or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import NamedTuple

from airbook.domain import airplane
from airbook.domain.airplane import AirplaneCreated, AirplaneState, SeatAssigned
from airbook.domain.decider import Command, Event, decider_of
from airbook.domain.refusal import Refused
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.codec import stamp
from airbook.eventlog.log import Log
from airbook.eventlog.records import Actor, Append, Stream, Transaction

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
CUSTOMERS = ("kim", "lee", "park", "choi", "jung", "kang")


class StoryEvent(NamedTuple):
    """An event of a story, and its stream."""

    stream: Stream
    event: Event


def of_airplane(number: int, *events: Event) -> tuple[StoryEvent, ...]:
    return tuple(StoryEvent(Stream("airplane", number), event) for event in events)


def of_reservation(number: int, *events: Event) -> tuple[StoryEvent, ...]:
    return tuple(StoryEvent(Stream("reservation", number), event) for event in events)


FIVE_SEATS_SIX_CUSTOMERS: tuple[StoryEvent, ...] = (
    *of_airplane(1, AirplaneCreated(seats=5)),
    *(
        event
        for number in range(1, 7)
        for event in of_reservation(number, ReservationRequested(1, f"customer {number}"))
    ),
    *(
        event
        for number in range(1, 6)
        for event in (
            *of_airplane(1, SeatAssigned(number, seat=number)),
            *of_reservation(number, ReservationApproved(1, seat=number)),
        )
    ),
    *of_reservation(6, ReservationRejected(1, "no_seats_left")),
)


def moment(position: int) -> datetime:
    """Return the time of the event at a position of a story: a millisecond for each event."""
    return NINE + timedelta(milliseconds=position)


def at(position: int) -> str:
    """Return that time as the log writes it."""
    return stamp(moment(position))


class Outcome:
    """The result of a command: events or a refusal."""

    def __init__(self, events: Sequence[Event], refusal: Refused | None) -> None:
        self.events = tuple(events)
        self.refusal = refusal

    def then(self, *events: Event) -> None:
        """Check that exactly these events follow; none means that nothing changes."""
        assert (self.events, self.refusal) == (events, None)

    def then_refused(self, code: str, **values: int | str) -> None:
        """Check that the command is refused. values: the values in the sentence."""
        assert self.refusal is not None, self.events
        assert (self.refusal.code, self.refusal.values) == (code, values)


class Given:
    """Events of one airplane or of one reservation."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = tuple(events)

    def when(self, command: Command) -> Outcome:
        """Decide a command on these events."""
        decider = decider_of(command)
        try:
            return Outcome(decider.decide(command, decider.fold(self.events)), None)
        except Refused as refusal:
            return Outcome((), refusal)


def airplane_state_of(*events: airplane.Event) -> AirplaneState:
    """Fold the events of an airplane."""
    return reduce(airplane.evolve, events, AirplaneState())


def given(*events: Event) -> Given:
    return Given(events)


def nobody(_: int) -> None:
    """Return no actor and no cause, as for the events stored before there were any."""


def record(
    log: Log,
    *story: StoryEvent,
    actor_of: Callable[[int], Actor | None] = nobody,
    cause_of: Callable[[int], int | None] = nobody,
) -> int:
    """Append a story, one commit for each event, each at its time; returns the head of the log.

    Airplanes and reservations are numbered in the order in which they begin. actor_of, cause_of:
    return those of the event at a position.
    """
    for stream, event in story:
        version = len(log.stream(stream))
        number, position = stream.number if version else None, log.head() + 1
        append = Append(stream.kind, number, version, (event,), cause_of(position))
        receipt = log.append(
            Transaction(at=moment(position), appends=(append,), actor=actor_of(position))
        )
        assert receipt.number == stream.number
    return log.head()
