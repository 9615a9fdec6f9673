"""The approval policy: what follows, for airplane and reservation, from one that was requested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from airbook.domain import airplane, reservation
from airbook.domain.refusal import Refused

APPROVER = "approver"  # the name its position in the log is tracked under


class Settlement(NamedTuple):
    """The events one reservation leads to; both empty when nothing is left to do."""

    airplane: Sequence[airplane.Event] = ()
    reservation: Sequence[reservation.Event] = ()


def settle(
    number: int,
    reservation_state: reservation.ReservationState,
    airplane_state: airplane.AirplaneState,
) -> Settlement:
    """Decide what has become due for one reservation.

    number: the reservation's. booking: its state. cabin: the state of the airplane it names.
    A received one gets the lowest free seat or a rejection with the airplane's reason; a cancelled
    one gives its seat back; every other has been settled before.
    """
    match reservation_state.status:
        case "received":
            return approve_or_reject(number, reservation_state, airplane_state)
        case "cancelled" if number in airplane_state.taken:
            return Settlement(
                airplane=airplane.decide(airplane.ReleaseSeat(number), airplane_state)
            )
        case _:
            return Settlement()


def approve_or_reject(
    number: int,
    reservation_state: reservation.ReservationState,
    airplane_state: airplane.AirplaneState,
) -> Settlement:
    """Let the airplane say yes or no; its refusal is the reason."""
    try:
        assigned = airplane.decide(airplane.AssignSeat(number), airplane_state)
    except Refused as refusal:
        reason = cast("reservation.Reason", refusal.code)
        return Settlement(
            (), reservation.decide(reservation.RejectReservation(reason), reservation_state)
        )
    match assigned:
        case [airplane.SeatAssigned(seat=seat)]:
            pass
        case _:
            seat = airplane_state.taken[number]  # it was assigned before
    return Settlement(
        assigned, reservation.decide(reservation.ApproveReservation(seat), reservation_state)
    )
