"""The rules of the reservation decider."""

from __future__ import annotations

import pytest

from airbook.domain.decider import RESERVATION
from airbook.domain.reservation import (
    REASONS,
    ApproveReservation,
    CancelReservation,
    Command,
    Event,
    Reason,
    RejectReservation,
    RequestReservation,
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
    ReservationState,
)
from tests.support.stories import given

REQUESTED = ReservationRequested(3, "c1")
APPROVED = ReservationApproved(3, seat=2)
REJECTED = ReservationRejected(3, "no_seats_left")

DECISIONS: tuple[Command, ...] = (ApproveReservation(1), RejectReservation("airplane_closed"))
AFTERWARDS: tuple[Command, ...] = (*DECISIONS, CancelReservation())


def test_a_request_is_always_accepted() -> None:
    given().when(RequestReservation(3, "c1")).then(ReservationRequested(3, "c1"))


def test_a_request_is_approved_with_a_seat_on_its_airplane() -> None:
    given(REQUESTED).when(ApproveReservation(seat=2)).then(ReservationApproved(3, seat=2))


@pytest.mark.parametrize("reason", REASONS)
def test_a_request_is_rejected_with_a_reason(reason: Reason) -> None:
    given(REQUESTED).when(RejectReservation(reason)).then(ReservationRejected(3, reason))


def test_a_pending_request_is_cancelled() -> None:
    given(REQUESTED).when(CancelReservation()).then(ReservationCancelled(3, seat=None))


def test_an_approved_reservation_is_cancelled_with_its_seat() -> None:
    given(REQUESTED, APPROVED).when(CancelReservation()).then(ReservationCancelled(3, seat=2))


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_approved_reservation_is_not_decided_again(decision: Command) -> None:
    given(REQUESTED, APPROVED).when(decision).then_refused("already_approved")


@pytest.mark.parametrize("command", AFTERWARDS)
def test_a_rejected_reservation_stays_rejected(command: Command) -> None:
    given(REQUESTED, REJECTED).when(command).then_refused("already_rejected")


@pytest.mark.parametrize("command", AFTERWARDS)
@pytest.mark.parametrize("before", [(REQUESTED,), (REQUESTED, APPROVED)])
def test_a_cancelled_reservation_stays_cancelled(
    before: tuple[Event, ...], command: Command
) -> None:
    cancelled = ReservationCancelled(3, seat=2 if APPROVED in before else None)
    given(*before, cancelled).when(command).then_refused("already_cancelled")


@pytest.mark.parametrize("command", AFTERWARDS)
def test_a_missing_reservation_is_neither_decided_nor_cancelled(command: Command) -> None:
    given().when(command).then_refused("no_such_reservation")


@pytest.mark.parametrize(
    ("events", "reservation_state"),
    [
        ((), ReservationState()),
        ((REQUESTED,), ReservationState("received", 3)),
        ((REQUESTED, APPROVED), ReservationState("approved", 3, seat=2)),
        ((REQUESTED, REJECTED), ReservationState("rejected", 3)),
        ((REQUESTED, ReservationCancelled(3, None)), ReservationState("cancelled", 3)),
        (
            (REQUESTED, APPROVED, ReservationCancelled(3, 2)),
            ReservationState("cancelled", 3, seat=2),
        ),
    ],
)
def test_events_fold_into_the_state_of_a_reservation(
    events: tuple[Event, ...], reservation_state: ReservationState
) -> None:
    assert RESERVATION.fold(events) == reservation_state


def test_a_reservation_is_requested_once() -> None:
    request = RequestReservation(1, "c1")
    given(ReservationRequested(1, "c1")).when(request).then_refused("already_received")
