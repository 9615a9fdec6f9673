"""Seats of one airplane: the lowest free seat is assigned first, and seats are never oversold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, cast

from msgspec import Meta, Struct, structs

from airbook.domain.refusal import Refused

MAX_SEATS = 1_000
Number = Annotated[int, Meta(ge=1, le=999_999_999)]  # the codec checks it in stored events
Status = Literal["missing", "open", "closed"]
Seats = dict[int, int]  # reservation -> seat


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
    """Assign a seat. requested: the status of the airplane when the seat was requested."""

    reservation: int
    requested: Status


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
    """The state of one airplane after all its events; status is "missing" before it is created.

    taken: the assigned seat of each reservation, reservation -> seat. occupied: the same seats as
    bits of one number, which makes the lowest free seat cheap to find.
    """

    status: Status = "missing"
    seats: int = 0
    taken: Mapping[int, int] = {}
    occupied: int = 0


def decide(command: Command, state: AirplaneState) -> Sequence[Event]:
    """Return the events that a command leads to; none if it changes nothing.

    Raises Refused: no_such_airplane, airplane_exists, airplane_closed, no_seats_left, seats_taken
    (a seat above the new number is taken) or seats_out_of_range (1 to MAX_SEATS).
    """
    match command:
        case CreateAirplane(seats) | ChangeSeats(seats) if not 1 <= seats <= MAX_SEATS:
            raise Refused.seats_out_of_range(MAX_SEATS)
        case CreateAirplane() if state.status != "missing":
            raise Refused.airplane_exists()
        case CreateAirplane(seats, name):
            return (AirplaneCreated(seats, name),)
        case _ if state.status == "missing":
            raise Refused.no_such_airplane()
        case ChangeSeats(seats):
            return change_seats(seats, state)
        case CloseAirplane():
            return (AirplaneClosed(),) if state.status == "open" else ()
        case OpenAirplane():
            return () if state.status == "open" else (AirplaneOpened(),)
        case AssignSeat(reservation, requested):
            return assign(reservation, requested, state)
        case ReleaseSeat(reservation):
            seat = state.taken.get(reservation)
            return () if seat is None else (SeatReleased(reservation, seat),)


def change_seats(seats: int, state: AirplaneState) -> Sequence[Event]:
    """Change the number of seats, unless that would remove a seat that is taken."""
    if seats < (highest := highest_taken(state)):
        raise Refused.seats_taken(highest)
    return () if seats == state.seats else (SeatsChanged(seats),)


def assign(reservation: int, requested: Status, state: AirplaneState) -> Sequence[SeatAssigned]:
    """Assign the lowest free seat to a reservation.

    A seat is free or not now; whether the airplane existed and was open counts as of the request,
    so that the time of the decision does not change it.
    """
    if reservation in state.taken:
        return ()  # a command that is repeated assigns no second seat
    if requested != "open":
        missing = requested == "missing"
        raise Refused.no_such_airplane() if missing else Refused.airplane_closed()
    seat = lowest_free(state)
    if len(state.taken) >= state.seats or seat > state.seats:
        raise Refused.no_seats_left(state.seats)
    return (SeatAssigned(reservation, seat),)


def lowest_free(state: AirplaneState) -> int:
    """Find the lowest seat that is not assigned."""
    occupied = state.occupied | 1  # there is no seat 0
    return (~occupied & (occupied + 1)).bit_length() - 1


def highest_taken(state: AirplaneState) -> int:
    """Find the highest seat that is assigned; 0 if none is."""
    return max(0, state.occupied.bit_length() - 1)


def evolve(state: AirplaneState, event: Event) -> AirplaneState:
    """Return the state after one more event."""
    if isinstance(event, SeatAssigned | SeatReleased):
        state = structs.replace(state, taken=dict(state.taken))
    return evolve_in_place(state, event)


def evolve_in_place(state: AirplaneState, event: Event) -> AirplaneState:
    """Return the state after one more event; it shares the seats of the state before.

    Copying the seats for each event takes a time that is quadratic in the airplane. Only the owner
    of a state whose `taken` is a dict, who gives the state before up, may save it.
    """
    match event:
        case SeatAssigned():  # a pattern with fields would take twice the time of all the rest
            taken = cast("Seats", state.taken)
            taken[event.reservation] = seat = event.seat
            return AirplaneState(state.status, state.seats, taken, state.occupied | 1 << seat)
        case SeatReleased(reservation, seat):
            taken = cast("Seats", state.taken)
            taken.pop(reservation, None)
            return AirplaneState(state.status, state.seats, taken, state.occupied & ~(1 << seat))
        case AirplaneCreated(seats):
            return AirplaneState("open", seats)
        case SeatsChanged(seats):
            return structs.replace(state, seats=seats)
        case AirplaneClosed():
            return structs.replace(state, status="closed")
        case AirplaneOpened():
            return structs.replace(state, status="open")
