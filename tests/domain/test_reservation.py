"""What is allowed to happen to one reservation."""

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


def test_a_request_is_cancelled_before_it_had_a_seat() -> None:
    given(REQUESTED).when(CancelReservation()).then(ReservationCancelled(3, seat=None))


def test_an_approved_one_is_cancelled_and_says_which_seat_it_had() -> None:
    given(REQUESTED, APPROVED).when(CancelReservation()).then(ReservationCancelled(3, seat=2))


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_approved_one_is_not_decided_again(decision: Command) -> None:
    given(REQUESTED, APPROVED).when(decision).then_refused("already_approved")


@pytest.mark.parametrize("command", AFTERWARDS)
def test_a_rejected_one_stays_rejected(command: Command) -> None:
    given(REQUESTED, REJECTED).when(command).then_refused("already_rejected")


@pytest.mark.parametrize("command", AFTERWARDS)
@pytest.mark.parametrize("before", [(REQUESTED,), (REQUESTED, APPROVED)])
def test_a_cancelled_one_stays_cancelled(before: tuple[Event, ...], command: Command) -> None:
    cancelled = ReservationCancelled(3, seat=2 if APPROVED in before else None)
    given(*before, cancelled).when(command).then_refused("already_cancelled")


@pytest.mark.parametrize("command", AFTERWARDS)
def test_what_was_never_requested_is_neither_decided_nor_cancelled(command: Command) -> None:
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
def test_facts_add_up_to_a_booking(
    events: tuple[Event, ...], reservation_state: ReservationState
) -> None:
    assert RESERVATION.fold(events) == reservation_state


def test_a_reservation_is_requested_once() -> None:
    request = RequestReservation(1, "c1")
    given(ReservationRequested(1, "c1")).when(request).then_refused("already_received")
