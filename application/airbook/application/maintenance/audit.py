"""Adding the whole log up, fact by fact, and noting where a promise is broken."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import cast

from msgspec import Struct

from airbook.application.text.labels import mark
from airbook.domain.airplane import Cabin
from airbook.domain.decider import AIRPLANE, NOUNS, State, Stream
from airbook.domain.reservation import (
    Booking,
    ReservationApproved,
    ReservationRejected,
)
from airbook.eventlog.codec import Unreadable
from airbook.eventlog.records import Event

DECISIONS = (ReservationApproved, ReservationRejected)


class Finding(Struct, frozen=True):
    """Something that is not as promised. sentence: English, with {placeholders} for values."""

    code: str
    sentence: str
    values: dict[str, int | str]


class Ledger:
    """What the log adds up to, and what is wrong with it."""

    def __init__(self) -> None:
        self.position = 0
        self.findings: list[Finding] = []
        self.touched: dict[Stream, int] = {}
        self.states: dict[Stream, State] = {}
        self.versions: dict[Stream, int] = {}
        self._decided: set[int] = set()

    def add(self, event: Event) -> None:
        """Take in the next fact."""
        self._check_order(event)
        if isinstance(event.fact, Unreadable):
            self._find(
                "unreadable_fact",
                mark("Fact {position} of {stream} cannot be read: {error}"),
                position=event.position,
                stream=str(event.stream),
                error=event.fact.error,
            )
            return
        before = self.states.get(event.stream, NOUNS[event.stream.kind].initial)
        after = NOUNS[event.stream.kind].fold([event.fact], before)
        self.states[event.stream] = after
        if isinstance(after, Cabin):
            self._check_cabin(event, after)
        else:
            self._check_decision(event, cast("Booking", before))

    def _check_order(self, event: Event) -> None:
        if event.position != self.position + 1:
            sentence = mark("Positions {first} to {last} are missing.")
            self._find("gap", sentence, first=self.position + 1, last=event.position - 1)
        self.position = event.position
        expected = self.versions.get(event.stream, 0) + 1
        if event.version != expected:
            self._find(
                "version_gap",
                mark("{stream} has version {version} where {expected} belongs."),
                stream=str(event.stream),
                version=event.version,
                expected=expected,
            )
        self.versions[event.stream] = event.version
        self.touched[event.stream] = event.position

    def _check_cabin(self, event: Event, cabin: Cabin) -> None:
        if len(cabin.taken) > cabin.seats:
            self._find(
                "oversold",
                mark("Airplane {airplane} has {taken} of {seats} seats taken at {position}."),
                airplane=event.stream.number,
                taken=len(cabin.taken),
                seats=cabin.seats,
                position=event.position,
            )
        if len(set(cabin.taken.values())) < len(cabin.taken):
            sentence = mark("Airplane {airplane} has one seat given twice at {position}.")
            self._find(
                "seat_sold_twice",
                sentence,
                airplane=event.stream.number,
                position=event.position,
            )

    def _check_decision(self, event: Event, before: Booking) -> None:
        number = event.stream.number
        if not isinstance(event.fact, DECISIONS):
            return
        if number in self._decided or before.status != "received":
            sentence = mark("Reservation {number} is decided more than once, or unasked.")
            self._find("decided_twice", sentence, number=number)
        self._decided.add(number)

    def unsettled(self, approved_to: int, aside: Collection[int]) -> Iterator[Finding]:
        """Name what the approver has gone past and left undone.

        approved_to: its position. aside: reservations that are parked.
        """
        for stream, state in self.states.items():
            number = stream.number
            if not isinstance(state, Booking) or number in aside:
                continue
            if self.touched[stream] > approved_to and state.status in {"received", "cancelled"}:
                continue  # the approver has yet to come to it
            cabin = cast("Cabin", self.states.get(Stream(AIRPLANE.kind, state.airplane), Cabin()))
            seat = cabin.taken.get(number)
            if state.status == "received":
                sentence = mark("Reservation {number} was passed over without a decision.")
                yield Finding("stuck", sentence, {"number": number})
            elif state.status == "approved" and seat != state.seat:
                sentence = mark("Reservation {number} is approved without its seat.")
                yield Finding("approved_without_seat", sentence, {"number": number})
            elif state.status != "approved" and seat is not None:
                sentence = mark("Reservation {number} holds a seat and is not approved.")
                yield Finding("seat_held", sentence, {"number": number})

    def _find(self, code: str, sentence: str, **values: int | str) -> None:
        self.findings.append(Finding(code, sentence, values))
