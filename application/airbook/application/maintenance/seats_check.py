"""The check of the seats: never more taken than there are, none twice, none that does not exist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from airbook.application.maintenance.findings import Findings
from airbook.application.maintenance.number_table import NumberTable
from airbook.application.text.labels import mark
from airbook.domain import airplane
from airbook.domain.airplane import MAX_SEATS
from airbook.domain.decider import AIRPLANE
from airbook.eventlog.records import RecordedEvent

SEAT_BITS = 30  # the codec refuses larger numbers


class Occupancy(Struct):
    """The seats of one airplane. occupied: the taken seats as bits of one number."""

    seats: int = 0
    taken: int = 0
    occupied: int = 0


class SeatsCheck:
    """Follows which reservation holds which seat, and checks every prefix of the log."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._occupancies: dict[int, Occupancy] = defaultdict(Occupancy)
        self._held = NumberTable()  # by reservation: the airplane and the seat

    def add(self, recorded: RecordedEvent) -> None:
        """Check the next event."""
        if recorded.stream.kind != AIRPLANE.kind:
            return
        match recorded.event:
            case airplane.SeatAssigned(reservation, seat):
                self._assign(recorded, reservation, seat)
            case airplane.SeatReleased(reservation, seat):
                self._release(recorded, reservation, seat)
            case airplane.AirplaneCreated(seats=seats) | airplane.SeatsChanged(seats=seats):
                self._occupancies[recorded.stream.number].seats = seats
                self._check(recorded)
            case _:
                pass

    def held(self, reservation: int) -> tuple[int, int]:
        """Return the airplane and the seat that a reservation holds; (0, 0) if none."""
        return divmod(self._held[reservation], 1 << SEAT_BITS)

    def holders(self) -> Iterator[int]:
        """Yield the reservations that hold a seat."""
        return (reservation for reservation, _ in self._held.items())

    def _assign(self, recorded: RecordedEvent, reservation: int, seat: int) -> None:
        number = recorded.stream.number
        occupancy = self._occupancies[number]
        if self._held[reservation]:
            sentence = mark("Reservation {number} gets a second seat at position {position}.")
            self._report("two_seats", sentence, recorded, number=reservation)
        self._held[reservation] = number << SEAT_BITS | seat
        occupancy.taken += 1
        is_twice = seat <= MAX_SEATS and bool(occupancy.occupied >> seat & 1)
        if seat <= MAX_SEATS:
            occupancy.occupied |= 1 << seat
        self._check(recorded, seat)
        if is_twice:
            sentence = mark(
                "Airplane {airplane}: one seat is assigned twice at position {position}."
            )
            self._report("seat_sold_twice", sentence, recorded, airplane=number)

    def _release(self, recorded: RecordedEvent, reservation: int, seat: int) -> None:
        number = recorded.stream.number
        if self._held[reservation] != number << SEAT_BITS | seat:
            sentence = mark(
                "Airplane {airplane}: seat {seat} is released at position {position},"
                " and reservation {number} did not hold it."
            )
            values = {"airplane": number, "seat": seat, "number": reservation}
            self._report("released_unheld", sentence, recorded, **values)
            return
        self._held[reservation] = 0
        occupancy = self._occupancies[number]
        occupancy.taken -= 1
        if seat <= MAX_SEATS:
            occupancy.occupied &= ~(1 << seat)

    def _check(self, recorded: RecordedEvent, assigned: int = 0) -> None:
        number = recorded.stream.number
        occupancy = self._occupancies[number]
        if occupancy.taken > occupancy.seats:
            sentence = mark(
                "Airplane {airplane}: {taken} of {seats} seats are taken at position {position}."
            )
            values = {"airplane": number, "taken": occupancy.taken, "seats": occupancy.seats}
            self._report("oversold", sentence, recorded, **values)
        highest = assigned or occupancy.occupied.bit_length() - 1
        if highest > occupancy.seats:
            sentence = mark(
                "Airplane {airplane}: seat {seat} of {seats} is taken at position {position}."
            )
            values = {"airplane": number, "seat": highest, "seats": occupancy.seats}
            self._report("no_such_seat", sentence, recorded, **values)

    def _report(
        self,
        code: str,
        sentence: str,
        recorded: RecordedEvent,
        **values: Any,  # noqa: ANN401 -- numbers and texts
    ) -> None:
        self._findings.report(code, sentence, **values, position=recorded.position)
