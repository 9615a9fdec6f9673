"""Tests of the airplanes: their seats, taken seats and pending requests."""

from __future__ import annotations

from functools import partial

from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    AirplaneOpened,
    SeatAssigned,
    SeatReleased,
    SeatsChanged,
)
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.projections.models.airplanes import (
    AirplaneRow,
    SeatCount,
    airplane_row,
    airplanes,
    seat_counts,
)
from airbook.projections.store import Views
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, of_reservation
from tests.support.views import given_story, whole_tables

REQUESTED = ReservationRequested(1, "c1")


def test_an_empty_log_has_no_airplanes(views: Views) -> None:
    given_story(views).then(airplanes, [])


def test_five_seats_are_taken_and_no_request_is_pending(views: Views) -> None:
    shown = given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    shown.then(airplanes, [AirplaneRow(1, None, seats=5, taken=5, pending=0, status="open")])


def test_every_position_of_five_seats_and_six_customers_can_be_queried(views: Views) -> None:
    shown = given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    taken = [0, *[0] * 6, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5]
    pending = [0, 1, 2, 3, 4, 5, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 0]
    shown.then(airplanes, [], as_of=0)
    for position, counts in enumerate(zip(taken, pending, strict=True), 1):
        row = AirplaneRow(1, None, 5, *counts, status="open")
        shown.then(airplanes, [row], as_of=position)
        shown.then(airplane_row, row, 1, as_of=position)


def test_an_airplane_has_a_name_and_changes(views: Views) -> None:
    shown = given_story(
        views,
        *of_airplane(1, AirplaneCreated(5, "제주")),
        *of_airplane(2, AirplaneCreated(2)),
        *of_airplane(1, SeatsChanged(7), AirplaneClosed()),
        *of_airplane(2, AirplaneClosed(), AirplaneOpened()),
    )
    first = AirplaneRow(1, "제주", seats=7, status="closed")
    shown.then(airplanes, [first, AirplaneRow(2, None, seats=2, status="open")])
    shown.then(airplane_row, first, 1)
    shown.then(airplane_row, AirplaneRow(1, "제주", seats=7, status="open"), 1, as_of=3)


def test_the_table_holds_the_name_of_an_airplane_once(views: Views) -> None:
    for seats in range(5, 9):  # in a commit of its own each
        event = SeatsChanged(seats) if seats > 5 else AirplaneCreated(seats, "제주")
        given_story(views, *of_airplane(1, event))
    shown = given_story(views)
    for as_of, seats in enumerate(range(5, 9), 1):
        expected = [AirplaneRow(1, "제주", seats, status="open")]
        shown.then(airplanes, expected, as_of=as_of)
    assert [row[1] for row in whole_tables(views)["airplanes"]] == ["제주", None, None, None]


def test_a_released_seat_is_free_and_no_request_is_counted_twice(views: Views) -> None:
    shown = given_story(
        views,
        *of_airplane(1, AirplaneCreated(5)),
        *of_reservation(1, REQUESTED),
        *of_reservation(2, REQUESTED),
        *of_reservation(3, REQUESTED),
        *of_reservation(2, ReservationCancelled(1, seat=None)),
        *of_reservation(3, ReservationRejected(1, "airplane_closed")),
        *of_airplane(1, SeatAssigned(1, 1)),
        *of_reservation(1, ReservationApproved(1, 1), ReservationCancelled(1, seat=1)),
        *of_airplane(1, SeatReleased(1, 1)),
    )
    shown.then(airplane_row, AirplaneRow(1, None, 5, taken=0, pending=0, status="open"), 1)
    shown.then(airplane_row, AirplaneRow(1, None, 5, taken=0, pending=3, status="open"), 1, as_of=4)
    shown.then(airplane_row, AirplaneRow(1, None, 5, taken=1, pending=0, status="open"), 1, as_of=9)


def test_requests_before_an_airplane_was_created_are_pending_once_it_is(views: Views) -> None:
    shown = given_story(
        views,
        *of_reservation(1, REQUESTED),
        *of_reservation(2, REQUESTED),
        *of_airplane(1, AirplaneCreated(5)),
    )
    shown.then(airplanes, [AirplaneRow(1, None, 5, pending=2, status="open")])
    shown.then(airplanes, [], as_of=2)
    shown.then(airplane_row, None, 1, as_of=2)
    shown.then(airplane_row, None, 2)


def test_seats_are_counted_by_airplane_up_to_a_number_and_the_rest_together(views: Views) -> None:
    shown = given_story(
        views,
        *of_airplane(1, AirplaneCreated(seats=5), AirplaneClosed()),
        *of_airplane(2, AirplaneCreated(seats=3), SeatAssigned(1, seat=1)),
        *of_airplane(3, AirplaneCreated(seats=2)),
        *of_reservation(1, ReservationRequested(9, "c1")),
    )
    closed, second, third = SeatCount(1, 5, 0), SeatCount(2, 3, 1), SeatCount(3, 2, 0)
    shown.then(partial(seat_counts, most=3), [second, third, closed])
    shown.then(partial(seat_counts, most=2), [second, third, SeatCount(None, 5, 0)])
    shown.then(partial(seat_counts, most=1), [second, SeatCount(None, 7, 0)])
