"""The audit of a log: folding all of its events, and finding broken promises."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import cast

from msgspec import Struct

from airbook.application.text.labels import mark
from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import AIRPLANE, DECIDERS, State
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationRejected,
    ReservationState,
)
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.records import RecordedEvent, Stream

DECISIONS = (ReservationApproved, ReservationRejected)


class Finding(Struct, frozen=True):
    """A broken promise, or a note.

    code: stable, for programs. sentence: English, with {placeholders} for the values.
    """

    code: str
    sentence: str
    values: dict[str, int | str]


class Ledger:
    """Folds the events of a whole log, one by one.

    position: of the last event. findings: the broken promises so far. states: the state of each
    stream. versions: the version of each stream. last_positions: the position of the last event of
    each stream.
    """

    def __init__(self) -> None:
        self.position = 0
        self.findings: list[Finding] = []
        self.last_positions: dict[Stream, int] = {}
        self.states: dict[Stream, State] = {}
        self.versions: dict[Stream, int] = {}
        self._decided: set[int] = set()

    def add(self, recorded: RecordedEvent) -> None:
        """Fold the next event of the log, and check it."""
        self._check_order(recorded)
        if isinstance(recorded.event, UnreadableEvent):
            self._report(
                "unreadable_event",
                mark("Event {position} of {stream} cannot be read: {error}"),
                position=recorded.position,
                stream=str(recorded.stream),
                error=recorded.event.error,
            )
            return
        before = self.states.get(recorded.stream, DECIDERS[recorded.stream.kind].initial)
        after = DECIDERS[recorded.stream.kind].fold([recorded.event], before)
        self.states[recorded.stream] = after
        if isinstance(after, AirplaneState):
            self._check_airplane(recorded, after)
        else:
            self._check_decision(recorded, cast("ReservationState", before))

    def _check_order(self, recorded: RecordedEvent) -> None:
        if recorded.position != self.position + 1:
            first, last = self.position + 1, recorded.position - 1
            one = mark("Position {first} is missing.")
            several = mark("Positions {first} to {last} are missing.")
            self._report("gap", one if first == last else several, first=first, last=last)
        self.position = recorded.position
        expected = self.versions.get(recorded.stream, 0) + 1
        if recorded.version != expected:
            self._report(
                "version_gap",
                mark("{stream} has version {version} where version {expected} belongs."),
                stream=str(recorded.stream),
                version=recorded.version,
                expected=expected,
            )
        self.versions[recorded.stream] = recorded.version
        self.last_positions[recorded.stream] = recorded.position

    def _check_airplane(self, recorded: RecordedEvent, airplane_state: AirplaneState) -> None:
        if len(airplane_state.taken) > airplane_state.seats:
            sentence = mark(
                "Airplane {airplane}: {taken} of {seats} seats are taken at position {position}."
            )
            self._report(
                "oversold",
                sentence,
                airplane=recorded.stream.number,
                taken=len(airplane_state.taken),
                seats=airplane_state.seats,
                position=recorded.position,
            )
        if len(set(airplane_state.taken.values())) < len(airplane_state.taken):
            sentence = mark(
                "Airplane {airplane}: one seat is assigned twice at position {position}."
            )
            self._report(
                "seat_sold_twice",
                sentence,
                airplane=recorded.stream.number,
                position=recorded.position,
            )

    def _check_decision(self, recorded: RecordedEvent, before: ReservationState) -> None:
        number = recorded.stream.number
        if not isinstance(recorded.event, DECISIONS):
            return
        if number in self._decided or before.status != "received":
            sentence = mark("Reservation {number} is decided more than once.")
            if number not in self._decided and before.status == "missing":
                sentence = mark("Reservation {number} is decided without a request.")
            elif number not in self._decided and before.status == "cancelled":
                sentence = mark("Reservation {number} is decided after it was cancelled.")
            self._report("decided_twice", sentence, number=number)
        self._decided.add(number)

    def unsettled(self, settled_up_to: int, parked: Collection[int]) -> Iterator[Finding]:
        """Find the reservations that the approver has passed without settling them.

        settled_up_to: the position up to which all approvers have settled the log. parked: the
        numbers of parked reservations.
        """
        for stream, state in self.states.items():
            number = stream.number
            if not isinstance(state, ReservationState) or number in parked:
                continue
            is_open = state.status in {"received", "cancelled"}
            if is_open and self.last_positions[stream] > settled_up_to:
                continue  # the approver has not read this event yet
            airplane_state = cast(
                "AirplaneState",
                self.states.get(Stream(AIRPLANE.kind, state.airplane), AirplaneState()),
            )
            seat = airplane_state.taken.get(number)
            if state.status == "received":
                sentence = mark("Reservation {number} was passed over without a decision.")
                yield Finding("stuck", sentence, {"number": number})
            elif state.status == "approved" and seat != state.seat:
                sentence = mark("Reservation {number} is approved without its seat.")
                yield Finding("approved_without_seat", sentence, {"number": number})
            elif state.status != "approved" and seat is not None:
                sentence = mark("Reservation {number} holds a seat and is not approved.")
                yield Finding("seat_held", sentence, {"number": number})

    def _report(self, code: str, sentence: str, **values: int | str) -> None:
        self.findings.append(Finding(code, sentence, values))
