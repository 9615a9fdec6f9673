"""Seats of one airplane: the lowest free seat is assigned first, and seats are never oversold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

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


class ChangeAirplane(Struct, frozen=True):
    """Change several things at once; None leaves a thing as it is."""

    seats: int | None = None
    is_open: bool | None = None


class AssignSeat(Struct, frozen=True):
    """Assign a seat. requested: the status of the airplane when the seat was requested."""

    reservation: int
    requested: Status


class ReleaseSeat(Struct, frozen=True):
    reservation: int


Command = (
    CreateAirplane
    | ChangeSeats
    | CloseAirplane
    | OpenAirplane
    | ChangeAirplane
    | AssignSeat
    | ReleaseSeat
)


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
    bits of one number, which makes the lowest free seat cheap to find; bit 0 is set, because there
    is no seat 0.
    """

    status: Status = "missing"
    seats: int = 0
    taken: Seats = {}
    occupied: int = 1


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
        case CloseAirplane() | OpenAirplane():
            return change_status(state, is_open=isinstance(command, OpenAirplane))
        case ChangeAirplane(seats, is_open):
            changed = () if seats is None else decide(ChangeSeats(seats), state)
            return (*changed, *change_status(state, is_open=is_open))
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


def change_status(state: AirplaneState, *, is_open: bool | None) -> Sequence[Event]:
    """Open or close the airplane, unless it is so already; None leaves it as it is."""
    if is_open is None or is_open == (state.status == "open"):
        return ()
    return (AirplaneOpened() if is_open else AirplaneClosed(),)


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
    return (~state.occupied & (state.occupied + 1)).bit_length() - 1


def highest_taken(state: AirplaneState) -> int:
    """Find the highest seat that is assigned; 0 if none is."""
    return state.occupied.bit_length() - 1


def evolve(state: AirplaneState, event: Event) -> AirplaneState:
    """Return the state after one more event."""
    if isinstance(event, SeatAssigned | SeatReleased):
        state = structs.replace(state, taken=dict(state.taken))
    return evolve_in_place(state, event)


def evolve_in_place(state: AirplaneState, event: Event) -> AirplaneState:
    """Return the state after one more event; it shares the seats of the state before.

    Copying the seats for each event takes a time that is quadratic in the airplane. Only the owner
    of a state, who gives the state before up, may save it.
    """
    match event:
        case SeatAssigned():  # a pattern with fields would take twice the time of all the rest
            state.taken[event.reservation] = event.seat
            occupied = state.occupied | 1 << event.seat
            return AirplaneState(state.status, state.seats, state.taken, occupied)
        case SeatReleased(reservation, seat):
            state.taken.pop(reservation, None)
            occupied = state.occupied & ~(1 << seat)
            return AirplaneState(state.status, state.seats, state.taken, occupied)
        case AirplaneCreated(seats):
            return AirplaneState("open", seats)
        case SeatsChanged(seats):
            return structs.replace(state, seats=seats)
        case AirplaneClosed():
            return structs.replace(state, status="closed")
        case AirplaneOpened():
            return structs.replace(state, status="open")
