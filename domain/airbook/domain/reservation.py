"""One reservation: requested at any time, then approved or rejected, and possibly cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct, structs

from airbook.domain.refusal import Refused

Number = Annotated[int, Meta(ge=1, le=999_999_999)]  # the codec checks it in stored events
Status = Literal["received", "approved", "rejected", "cancelled"]
STATUSES: tuple[Status, ...] = ("received", "approved", "rejected", "cancelled")
FINAL: tuple[Status, ...] = ("rejected", "cancelled")  # such a reservation cannot be cancelled

Reason = Literal["no_seats_left", "no_such_airplane", "airplane_closed"]
REASONS: tuple[Reason, ...] = ("no_seats_left", "no_such_airplane", "airplane_closed")


class RequestReservation(Struct, frozen=True):
    airplane: int
    customer: str


class ApproveReservation(Struct, frozen=True):
    seat: int


class RejectReservation(Struct, frozen=True):
    reason: Reason


class CancelReservation(Struct, frozen=True):
    pass


Command = RequestReservation | ApproveReservation | RejectReservation | CancelReservation


class ReservationRequested(Struct, frozen=True):
    airplane: Number
    customer: str


class ReservationApproved(Struct, frozen=True):
    airplane: Number
    seat: Number


class ReservationRejected(Struct, frozen=True):
    airplane: Number
    reason: Reason


class ReservationCancelled(Struct, frozen=True):
    airplane: Number
    seat: Number | None


Event = ReservationRequested | ReservationApproved | ReservationRejected | ReservationCancelled


class ReservationState(Struct, frozen=True):
    """The state of one reservation; status is "missing" before it is requested."""

    status: Status | Literal["missing"] = "missing"
    airplane: int = 0
    seat: int | None = None


def decide(command: Command, state: ReservationState) -> Sequence[Event]:
    """Return the events that a command leads to.

    Raises Refused: no_such_reservation, or already_received, already_approved, already_rejected,
    already_cancelled.
    """
    match command, state.status:
        case RequestReservation(airplane, customer), "missing":
            return (ReservationRequested(airplane, customer),)
        case _, "missing":
            raise Refused.no_such_reservation()
        case ApproveReservation(seat), "received":
            return approve(seat, state)
        case RejectReservation(reason), "received":
            return (ReservationRejected(state.airplane, reason),)
        case CancelReservation(), "received" | "approved":
            return (ReservationCancelled(state.airplane, state.seat),)
        case _, status:
            raise Refused.already_decided(status)


def approve(seat: int, state: ReservationState) -> Sequence[ReservationApproved]:
    """Approve a received reservation."""
    return (ReservationApproved(state.airplane, seat),)


def evolve(state: ReservationState, event: Event) -> ReservationState:
    """Return the state after one more event."""
    match event:
        case ReservationRequested():
            return ReservationState("received", event.airplane)
        case ReservationApproved(airplane, seat):
            return ReservationState("approved", airplane, seat)
        case ReservationRejected():
            return structs.replace(state, status="rejected")
        case ReservationCancelled():
            return structs.replace(state, status="cancelled")
