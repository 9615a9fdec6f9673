"""Seats of one airplane: assigned lowest first, released, never more taken than there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct, structs

from airbook.domain.refusal import Refused

MAX_SEATS = 1_000
Number = Annotated[int, Meta(ge=1, le=999_999_999)]  # checked where a stored fact is read


class CreateAirplane(Struct, frozen=True):
    seats: int
    name: str | None = None


class ChangeSeats(Struct, frozen=True):
    seats: int


class CloseAirplane(Struct, frozen=True):
    pass


class OpenAirplane(Struct, frozen=True):
    pass


class AssignSeat(Struct, frozen=True):
    reservation: int


class ReleaseSeat(Struct, frozen=True):
    reservation: int


Command = CreateAirplane | ChangeSeats | CloseAirplane | OpenAirplane | AssignSeat | ReleaseSeat


class AirplaneCreated(Struct, frozen=True):
    seats: Number
    name: str | None = None


class SeatsChanged(Struct, frozen=True):
    seats: Number


class AirplaneClosed(Struct, frozen=True):
    pass


class AirplaneOpened(Struct, frozen=True):
    pass


class SeatAssigned(Struct, frozen=True):
    reservation: Number
    seat: Number


class SeatReleased(Struct, frozen=True):
    reservation: Number
    seat: Number


Fact = (
    AirplaneCreated | SeatsChanged | AirplaneClosed | AirplaneOpened | SeatAssigned | SeatReleased
)


class Cabin(Struct, frozen=True):
    """What the facts of one airplane add up to; seats is 0 before it was created.

    taken: the seat each reservation sits on, reservation -> seat. occupied: the same seats as bits
    of a number, so that the lowest free one is found at once.
    """

    seats: int = 0
    open: bool = False
    taken: Mapping[int, int] = {}
    occupied: int = 0


def decide(command: Command, cabin: Cabin) -> Sequence[Fact]:
    """Answer a command with the facts that follow from it; none when it changes nothing.

    Raises Refused: no_such_airplane, airplane_exists, airplane_closed, no_seats_left, seats_taken
    (fewer seats than are taken) or seats_out_of_range (1 to MAX_SEATS).
    """
    match command:
        case CreateAirplane(seats) | ChangeSeats(seats) if not 1 <= seats <= MAX_SEATS:
            raise Refused.seats_out_of_range(MAX_SEATS)
        case CreateAirplane() if cabin.seats:
            raise Refused.airplane_exists()
        case CreateAirplane(seats, name):
            return (AirplaneCreated(seats, name),)
        case _ if not cabin.seats:
            raise Refused.no_such_airplane()
        case ChangeSeats(seats):
            return change_seats(seats, cabin)
        case CloseAirplane():
            return (AirplaneClosed(),) if cabin.open else ()
        case OpenAirplane():
            return () if cabin.open else (AirplaneOpened(),)
        case AssignSeat(reservation):
            return assign(reservation, cabin)
        case ReleaseSeat(reservation):
            seat = cabin.taken.get(reservation)
            return () if seat is None else (SeatReleased(reservation, seat),)


def change_seats(seats: int, cabin: Cabin) -> Sequence[Fact]:
    """Change capacity, unless it would fall below what is taken."""
    if seats < len(cabin.taken):
        raise Refused.seats_taken(len(cabin.taken))
    return () if seats == cabin.seats else (SeatsChanged(seats),)


def assign(reservation: int, cabin: Cabin) -> Sequence[SeatAssigned]:
    """Give a reservation the lowest free seat."""
    if reservation in cabin.taken:
        return ()  # a request delivered twice takes one seat
    if not cabin.open:
        raise Refused.airplane_closed()
    if len(cabin.taken) >= cabin.seats:
        raise Refused.no_seats_left(cabin.seats)
    return (SeatAssigned(reservation, lowest_free(cabin)),)


def lowest_free(cabin: Cabin) -> int:
    """Find the lowest seat nobody has."""
    occupied = cabin.occupied | 1  # there is no seat 0
    return (~occupied & (occupied + 1)).bit_length() - 1


def evolve(cabin: Cabin, fact: Fact) -> Cabin:
    """Fold one fact into the state."""
    match fact:
        case AirplaneCreated(seats):
            return Cabin(seats, open=True)
        case SeatsChanged(seats):
            return structs.replace(cabin, seats=seats)
        case AirplaneClosed():
            return structs.replace(cabin, open=False)
        case AirplaneOpened():
            return structs.replace(cabin, open=True)
        case SeatAssigned(reservation, seat):
            taken = {**cabin.taken, reservation: seat}
            return structs.replace(cabin, taken=taken, occupied=cabin.occupied | 1 << seat)
        case SeatReleased(reservation, seat):
            taken = {one: its for one, its in cabin.taken.items() if one != reservation}
            return structs.replace(cabin, taken=taken, occupied=cabin.occupied & ~(1 << seat))
