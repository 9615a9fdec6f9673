"""Tests of the totals: the number of airplanes, and of reservations by status."""

from __future__ import annotations

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.projections.models.totals import TotalsRow, totals
from airbook.projections.store import Views
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, of_reservation
from tests.support.views import FIVE_APPROVED_ONE_REJECTED, given_story

REQUESTED = ReservationRequested(1, "c1")


def test_all_counts_of_an_empty_log_are_zero(views: Views) -> None:
    given_story(views).then(totals, TotalsRow())


def test_five_seats_six_customers(views: Views) -> None:
    shown = given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    shown.then(totals, FIVE_APPROVED_ONE_REJECTED)
    shown.then(totals, TotalsRow(), as_of=0)
    shown.then(totals, TotalsRow(airplanes=1, received=6, newest=6), as_of=8)
    shown.then(totals, TotalsRow(airplanes=1, received=5, approved=1, newest=6), as_of=9)


def test_each_reservation_is_counted_in_one_status(views: Views) -> None:
    shown = given_story(
        views,
        *of_airplane(1, AirplaneCreated(5)),
        *of_airplane(2, AirplaneCreated(5)),
        *of_reservation(1, REQUESTED),
        *of_reservation(2, REQUESTED, ReservationApproved(1, 1)),
        *of_reservation(3, REQUESTED, ReservationApproved(1, 2), ReservationCancelled(1, 2)),
        *of_reservation(4, REQUESTED, ReservationCancelled(1, None)),
        *of_reservation(5, REQUESTED, ReservationRejected(1, "no_seats_left")),
        *of_reservation(6, REQUESTED, ReservationRejected(1, "airplane_closed")),
        *of_reservation(7, REQUESTED, ReservationRejected(1, "no_such_airplane")),
        *of_reservation(8, REQUESTED, ReservationRejected(1, "no_such_airplane")),
    )
    shown.then(
        totals,
        TotalsRow(
            airplanes=2,
            received=1,
            approved=1,
            rejected=4,
            cancelled=2,
            no_seats_left=1,
            no_such_airplane=2,
            airplane_closed=1,
            newest=8,
        ),
    )
