"""The words stories are told in: given facts, when a command, then facts or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import NamedTuple

from airbook.domain import airplane
from airbook.domain.airplane import AirplaneCreated, Cabin, SeatAssigned
from airbook.domain.decider import Command, Fact, Stream, noun_of
from airbook.domain.refusal import Refused
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.codec import stamp
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Change

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Told(NamedTuple):
    """A fact, and the airplane or reservation it is a fact of."""

    stream: Stream
    fact: Fact


def of_airplane(number: int, *facts: Fact) -> tuple[Told, ...]:
    return tuple(Told(Stream("airplane", number), fact) for fact in facts)


def of_reservation(number: int, *facts: Fact) -> tuple[Told, ...]:
    return tuple(Told(Stream("reservation", number), fact) for fact in facts)


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
    """Tell when the fact at a position was recorded, in stories: a millisecond after the last."""
    return NINE + timedelta(milliseconds=position)


def at(position: int) -> str:
    """Write that moment as the log does."""
    return stamp(moment(position))


class Outcome:
    """What a command led to."""

    def __init__(self, facts: Sequence[Fact], refusal: Refused | None) -> None:
        self.facts = tuple(facts)
        self.refusal = refusal

    def then(self, *facts: Fact) -> None:
        """Exactly these facts follow; none means that nothing changes."""
        assert (self.facts, self.refusal) == (facts, None)

    def then_refused(self, code: str, **values: int | str) -> None:
        """It is refused: the code for programs, and the values that the sentence speaks of."""
        assert self.refusal is not None, self.facts
        assert (self.refusal.code, self.refusal.values) == (code, values)


class Given:
    """Facts of one airplane or of one reservation."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)

    def when(self, command: Command) -> Outcome:
        """Decide a command on these facts."""
        noun = noun_of(command)
        try:
            return Outcome(noun.decide(command, noun.fold(self.facts)), None)
        except Refused as refusal:
            return Outcome((), refusal)


def cabin_of(*facts: airplane.Fact) -> Cabin:
    """Add the facts of an airplane up."""
    return reduce(airplane.evolve, facts, Cabin())


def given(*facts: Fact) -> Given:
    return Given(facts)


def record(log: Log, *story: Told) -> int:
    """Append a story, a commit a fact, each at its moment; returns the head of the log.

    Airplanes and reservations are numbered in the order in which they begin.
    """
    for stream, fact in story:
        version = len(log.stream(stream))
        append = Append(stream.kind, stream.number if version else None, version, (fact,))
        receipt = log.commit(Change(at=moment(log.head() + 1), appends=(append,)))
        assert receipt.number == stream.number
    return log.head()
