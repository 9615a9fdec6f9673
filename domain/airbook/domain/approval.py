"""The approval policy: the events that follow, for airplane and reservation, from a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from msgspec import Struct

from airbook.domain import airplane, reservation
from airbook.domain.airplane import AirplaneState, Status
from airbook.domain.refusal import Refused
from airbook.domain.reservation import ReservationState


class Settlement(Struct, frozen=True):
    """The events that settle one reservation; both sequences are empty if nothing is due."""

    airplane: Sequence[airplane.Event] = ()
    reservation: Sequence[reservation.Event] = ()


def settle(
    number: int, requested: ReservationState, plane: AirplaneState, status: Status
) -> Settlement:
    """Decide what is due for one reservation.

    number: the reservation's number. requested: its state. plane: the state of the airplane it
    names, now. status: that of the airplane when the seat was requested. A received reservation
    gets the lowest free seat, or is rejected with the airplane's reason; a cancelled reservation
    releases its seat; any other reservation is settled already.
    """
    match requested.status:
        case "received":
            return approve_or_reject(number, requested, plane, status)
        case "cancelled" if number in plane.taken:
            return Settlement(airplane=airplane.decide(airplane.ReleaseSeat(number), plane))
        case _:
            return Settlement()


def approve_or_reject(
    number: int, requested: ReservationState, plane: AirplaneState, status: Status
) -> Settlement:
    """Approve a reservation if the airplane assigns a seat; else reject it with the refusal."""
    try:
        assigned = airplane.assign(number, status, plane)
    except Refused as refusal:
        reason = cast("reservation.Reason", refusal.code)
        rejected = reservation.decide(reservation.RejectReservation(reason), requested)
        return Settlement(reservation=rejected)
    seat = assigned[0].seat if assigned else plane.taken[number]  # assigned before
    return Settlement(assigned, reservation.approve(seat, requested))
