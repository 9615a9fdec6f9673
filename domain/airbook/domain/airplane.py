"""Seats of one airplane: assigned lowest first, released, never more taken than there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct, structs

from airbook.domain.refusal import Refused

MAX_SEATS = 1_000
Number = Annotated[int, Meta(ge=1, le=999_999_999)]  # checked where a stored event is read


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


Event = (
    AirplaneCreated | SeatsChanged | AirplaneClosed | AirplaneOpened | SeatAssigned | SeatReleased
)


class AirplaneState(Struct, frozen=True):
    """What the events of one airplane add up to; seats is 0 before it was created.

    taken: the seat each reservation sits on, reservation -> seat. occupied: the same seats as bits
    of a number, so that the lowest free one is found at once.
    """

    seats: int = 0
    open: bool = False
    taken: Mapping[int, int] = {}
    occupied: int = 0


def decide(command: Command, state: AirplaneState) -> Sequence[Event]:
    """Answer a command with the events that follow from it; none when it changes nothing.

    Raises Refused: no_such_airplane, airplane_exists, airplane_closed, no_seats_left, seats_taken
    (fewer seats than are taken) or seats_out_of_range (1 to MAX_SEATS).
    """
    match command:
        case CreateAirplane(seats) | ChangeSeats(seats) if not 1 <= seats <= MAX_SEATS:
            raise Refused.seats_out_of_range(MAX_SEATS)
        case CreateAirplane() if state.seats:
            raise Refused.airplane_exists()
        case CreateAirplane(seats, name):
            return (AirplaneCreated(seats, name),)
        case _ if not state.seats:
            raise Refused.no_such_airplane()
        case ChangeSeats(seats):
            return change_seats(seats, state)
        case CloseAirplane():
            return (AirplaneClosed(),) if state.open else ()
        case OpenAirplane():
            return () if state.open else (AirplaneOpened(),)
        case AssignSeat(reservation):
            return assign(reservation, state)
        case ReleaseSeat(reservation):
            seat = state.taken.get(reservation)
            return () if seat is None else (SeatReleased(reservation, seat),)


def change_seats(seats: int, state: AirplaneState) -> Sequence[Event]:
    """Change capacity, unless it would fall below what is taken."""
    if seats < len(state.taken):
        raise Refused.seats_taken(len(state.taken))
    return () if seats == state.seats else (SeatsChanged(seats),)


def assign(reservation: int, state: AirplaneState) -> Sequence[SeatAssigned]:
    """Give a reservation the lowest free seat."""
    if reservation in state.taken:
        return ()  # a request delivered twice takes one seat
    if not state.open:
        raise Refused.airplane_closed()
    if len(state.taken) >= state.seats:
        raise Refused.no_seats_left(state.seats)
    return (SeatAssigned(reservation, lowest_free(state)),)


def lowest_free(state: AirplaneState) -> int:
    """Find the lowest seat nobody has."""
    occupied = state.occupied | 1  # there is no seat 0
    return (~occupied & (occupied + 1)).bit_length() - 1


def evolve(state: AirplaneState, event: Event) -> AirplaneState:
    """Fold one event into the state."""
    match event:
        case AirplaneCreated(seats):
            return AirplaneState(seats, open=True)
        case SeatsChanged(seats):
            return structs.replace(state, seats=seats)
        case AirplaneClosed():
            return structs.replace(state, open=False)
        case AirplaneOpened():
            return structs.replace(state, open=True)
        case SeatAssigned(reservation, seat):
            taken = {**state.taken, reservation: seat}
            return structs.replace(state, taken=taken, occupied=state.occupied | 1 << seat)
        case SeatReleased(reservation, seat):
            taken = {one: its for one, its in state.taken.items() if one != reservation}
            return structs.replace(state, taken=taken, occupied=state.occupied & ~(1 << seat))
