"""Tests of the reservations: their statuses, seats, reasons and times."""

from __future__ import annotations

import pytest

from airbook.domain.reservation import (
    REASONS,
    Reason,
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import reservation_row, reservations
from airbook.projections.store import Views
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, at, of_reservation
from tests.support.views import Shown, given_story

REQUESTED = ReservationRequested(3, "c1")
RECEIVED = ReservationRow(1, 3, "c1", "received", received_at=at(1))


def test_a_request_is_received(views: Views) -> None:
    given_story(views, *of_reservation(1, REQUESTED)).then(reservations, [RECEIVED])


def test_an_approved_reservation_has_a_seat(views: Views) -> None:
    shown = given_story(views, *of_reservation(1, REQUESTED, ReservationApproved(3, seat=2)))
    approved = ReservationRow(1, 3, "c1", "approved", 2, None, at(1), at(2))
    shown.then(reservations, [approved])
    shown.then(reservation_row, RECEIVED, 1, as_of=1)


@pytest.mark.parametrize("reason", REASONS)
def test_a_rejected_reservation_has_a_reason(views: Views, reason: Reason) -> None:
    shown = given_story(views, *of_reservation(1, REQUESTED, ReservationRejected(3, reason)))
    shown.then(reservations, [ReservationRow(1, 3, "c1", "rejected", None, reason, at(1), at(2))])


def test_a_reservation_cancelled_before_the_decision_has_no_decision(views: Views) -> None:
    shown = given_story(views, *of_reservation(1, REQUESTED, ReservationCancelled(3, seat=None)))
    shown.then(reservations, [ReservationRow(1, 3, "c1", "cancelled", received_at=at(1))])


def test_a_reservation_cancelled_after_the_approval_keeps_its_seat(views: Views) -> None:
    shown = given_story(
        views,
        *of_reservation(1, REQUESTED, ReservationApproved(3, 2), ReservationCancelled(3, 2)),
    )
    shown.then(reservations, [ReservationRow(1, 3, "c1", "cancelled", 2, None, at(1), at(2))])


APPROVED = [
    ReservationRow(
        number,
        1,
        f"customer {number}",
        "approved",
        number,
        None,
        at(1 + number),
        at(7 + 2 * number),
    )
    for number in range(1, 6)
]
REJECTED = ReservationRow(6, 1, "customer 6", "rejected", None, "no_seats_left", at(7), at(18))


@pytest.fixture
def shown(views: Views) -> Shown:
    """Record the story of five seats and six customers."""
    return given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)


def test_five_are_approved_and_the_sixth_is_rejected(shown: Shown) -> None:
    shown.then(reservations, [*APPROVED, REJECTED])


def test_the_reservations_of_a_customer_are_found(shown: Shown) -> None:
    shown.then(reservations, [APPROVED[3]], customer="customer 4")
    shown.then(reservations, [], customer="customer 7")


def test_reservations_are_found_by_airplane_and_by_status(shown: Shown) -> None:
    shown.then(reservations, [REJECTED], airplane=1, status="rejected")
    shown.then(reservations, [*APPROVED, REJECTED], airplane=1)
    shown.then(reservations, [], airplane=2)
    shown.then(reservations, [], status="received")


def test_a_limit_lists_the_newest_reservations_by_number(shown: Shown) -> None:
    shown.then(reservations, [APPROVED[4], REJECTED], limit=2)
    shown.then(reservations, APPROVED[:2], limit=2, status="approved", as_of=11)


def test_past_reservations_are_found_as_they_were(shown: Shown) -> None:
    received = [
        ReservationRow(number, 1, f"customer {number}", "received", received_at=at(1 + number))
        for number in range(1, 7)
    ]
    shown.then(reservations, received, as_of=7)
    shown.then(reservations, received, as_of=8)
    shown.then(reservations, [APPROVED[0], *received[1:]], as_of=9)
    shown.then(reservations, received[1:], status="received", as_of=9)
    shown.then(reservations, [], as_of=1)


def test_one_reservation_is_found_at_any_position(shown: Shown) -> None:
    shown.then(reservation_row, REJECTED, 6)
    shown.then(reservation_row, None, 7)
    shown.then(reservation_row, None, 6, as_of=6)
