"""The approval policy: what follows, for airplane and reservation, from one that was requested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from airbook.domain import airplane, reservation
from airbook.domain.refusal import Refused

APPROVER = "approver"  # the name its position in the log is tracked under


class Settlement(NamedTuple):
    """The facts one reservation leads to; both empty when nothing is left to do."""

    airplane: Sequence[airplane.Fact] = ()
    reservation: Sequence[reservation.Fact] = ()


def settle(number: int, booking: reservation.Booking, cabin: airplane.Cabin) -> Settlement:
    """Decide what has become due for one reservation.

    number: the reservation's. booking: its state. cabin: the state of the airplane it names.
    A received one gets the lowest free seat or a rejection with the airplane's reason; a cancelled
    one gives its seat back; every other has been settled before.
    """
    match booking.status:
        case "received":
            return approve_or_reject(number, booking, cabin)
        case "cancelled" if number in cabin.taken:
            return Settlement(airplane=airplane.decide(airplane.ReleaseSeat(number), cabin))
        case _:
            return Settlement()


def approve_or_reject(
    number: int, booking: reservation.Booking, cabin: airplane.Cabin
) -> Settlement:
    """Let the airplane say yes or no; its refusal is the reason."""
    try:
        assigned = airplane.decide(airplane.AssignSeat(number), cabin)
    except Refused as refusal:
        reason = cast("reservation.Reason", refusal.code)
        return Settlement((), reservation.decide(reservation.RejectReservation(reason), booking))
    match assigned:
        case [airplane.SeatAssigned(seat=seat)]:
            pass
        case _:
            seat = cabin.taken[number]  # it was assigned before
    return Settlement(assigned, reservation.decide(reservation.ApproveReservation(seat), booking))
