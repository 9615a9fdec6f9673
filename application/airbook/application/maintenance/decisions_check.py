"""The check of the decisions: one for each request, and the seat that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from airbook.application.maintenance.findings import Finding, Findings
from airbook.application.maintenance.number_table import NumberTable
from airbook.application.maintenance.seats_check import SeatsCheck
from airbook.application.text.labels import mark
from airbook.domain import reservation
from airbook.domain.decider import RESERVATION
from airbook.eventlog.records import RecordedEvent

MISSING, RECEIVED, APPROVED, REJECTED, CANCELLED = range(5)
STATUS, DECIDED = 0b0111, 0b1000  # the bits of the status, and a bit beside it
AIRPLANE_BITS, NUMBER_BITS = 4, 30


class DecisionsCheck:
    """Follows the status of every reservation."""

    def __init__(self, findings: Findings, seats: SeatsCheck) -> None:
        """seats: has checked the same events before."""
        self._findings = findings
        self._seats = seats
        self._states = NumberTable()  # seat, airplane, DECIDED and the status, from high to low
        self._last_positions = NumberTable()

    def add(self, recorded: RecordedEvent) -> None:
        """Check the next event."""
        kind, number = recorded.stream
        if kind != RESERVATION.kind:
            return
        before = self._states[number]
        match recorded.event:
            case reservation.ReservationRequested(airplane=airplane):
                after = before & DECIDED | packed(RECEIVED, airplane)
            case reservation.ReservationApproved(airplane=airplane, seat=seat):
                self._check(number, before)
                after = packed(APPROVED, airplane, seat) | DECIDED
            case reservation.ReservationRejected():
                self._check(number, before)
                after = before & ~STATUS | REJECTED | DECIDED
            case reservation.ReservationCancelled():
                after = before & ~STATUS | CANCELLED
            case _:
                return
        self._states[number] = after
        self._last_positions[number] = recorded.position

    def _check(self, number: int, before: int) -> None:
        status = before & STATUS
        if before & DECIDED:
            sentence = mark("Reservation {number} is decided more than once.")
        elif status == MISSING:
            sentence = mark("Reservation {number} is decided without a request.")
        elif status == CANCELLED:
            sentence = mark("Reservation {number} is decided after it was cancelled.")
        else:
            return
        self._findings.report("decided_twice", sentence, number=number)

    def unsettled(self, settled_up_to: int, parked: Collection[int]) -> Iterator[Finding]:
        """Find the reservations that the approver has passed without settling them.

        settled_up_to: the position up to which all approvers have settled the log. parked: the
        numbers of parked reservations.
        """
        for number, state in self._states.items():
            status = state & STATUS
            is_open = status in {RECEIVED, CANCELLED}
            if number in parked or (is_open and self._last_positions[number] > settled_up_to):
                continue  # the approver has not read this event yet
            seat, airplane = divmod(state >> AIRPLANE_BITS, 1 << NUMBER_BITS)
            where, held = self._seats.held(number)
            if status == RECEIVED:
                sentence = mark("Reservation {number} was passed over without a decision.")
                yield Finding("stuck", sentence, {"number": number})
            elif status == APPROVED and (airplane, seat) != (where, held):
                sentence = mark("Reservation {number} is approved without its seat.")
                yield Finding("approved_without_seat", sentence, {"number": number})
            elif status != APPROVED and held:
                sentence = mark("Reservation {number} holds a seat and is not approved.")
                yield Finding("seat_held", sentence, {"number": number})
        for number in self._seats.holders():
            if not self._states[number] and number not in parked:
                sentence = mark("Reservation {number} holds a seat and was never requested.")
                yield Finding("seat_held", sentence, {"number": number})


def packed(status: int, airplane: int, seat: int = 0) -> int:
    """Return a state as one number."""
    return (seat << NUMBER_BITS | airplane) << AIRPLANE_BITS | status
