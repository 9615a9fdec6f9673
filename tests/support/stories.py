"""The words stories are told in: given events, when a command, then events or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from airbook.eventlog.records import Append, Stream, Transaction

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
CUSTOMERS = ("kim", "lee", "park", "choi", "jung", "kang")


class Told(NamedTuple):
    """An event, and the airplane or reservation it is an event of."""

    stream: Stream
    event: Event


def of_airplane(number: int, *events: Event) -> tuple[Told, ...]:
    return tuple(Told(Stream("airplane", number), event) for event in events)


def of_reservation(number: int, *events: Event) -> tuple[Told, ...]:
    return tuple(Told(Stream("reservation", number), event) for event in events)


FIVE_SEATS_SIX_CUSTOMERS: tuple[Told, ...] = (
    *of_airplane(1, AirplaneCreated(seats=5)),
    *(
        told
        for number in range(1, 7)
        for told in of_reservation(number, ReservationRequested(1, f"customer {number}"))
    ),
    *(
        told
        for number in range(1, 6)
        for told in (
            *of_airplane(1, SeatAssigned(number, seat=number)),
            *of_reservation(number, ReservationApproved(1, seat=number)),
        )
    ),
    *of_reservation(6, ReservationRejected(1, "no_seats_left")),
)


def moment(position: int) -> datetime:
    """Tell when the event at a position was recorded, in stories: a millisecond after the last."""
    return NINE + timedelta(milliseconds=position)


def at(position: int) -> str:
    """Write that moment as the log does."""
    return stamp(moment(position))


class Outcome:
    """What a command led to."""

    def __init__(self, events: Sequence[Event], refusal: Refused | None) -> None:
        self.events = tuple(events)
        self.refusal = refusal

    def then(self, *events: Event) -> None:
        """Exactly these events follow; none means that nothing changes."""
        assert (self.events, self.refusal) == (events, None)

    def then_refused(self, code: str, **values: int | str) -> None:
        """It is refused: the code for programs, and the values that the sentence speaks of."""
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
    """Add the events of an airplane up."""
    return reduce(airplane.evolve, events, AirplaneState())


def given(*events: Event) -> Given:
    return Given(events)


def record(log: Log, *story: Told) -> int:
    """Append a story, a commit an event, each at its moment; returns the head of the log.

    Airplanes and reservations are numbered in the order in which they begin.
    """
    for stream, event in story:
        version = len(log.stream(stream))
        append = Append(stream.kind, stream.number if version else None, version, (event,))
        receipt = log.append(Transaction(at=moment(log.head() + 1), appends=(append,)))
        assert receipt.number == stream.number
    return log.head()
