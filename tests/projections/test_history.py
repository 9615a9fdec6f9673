"""Tests of the history: every event of one reservation, in any stream."""

from __future__ import annotations

from airbook.domain.airplane import AirplaneCreated, SeatAssigned, SeatReleased
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRequested,
)
from airbook.projections.models.history import HistoryRow, history
from airbook.projections.store import Views
from tests.support.stories import at, of_airplane, of_reservation
from tests.support.views import given_story

STORY = (
    *of_airplane(1, AirplaneCreated(5)),
    *of_reservation(1, ReservationRequested(1, "제주")),
    *of_reservation(2, ReservationRequested(1, "c2")),
    *of_airplane(1, SeatAssigned(1, seat=1), SeatAssigned(2, seat=2)),
    *of_reservation(1, ReservationApproved(1, seat=1), ReservationCancelled(1, seat=1)),
    *of_airplane(1, SeatReleased(1, seat=1)),
)
HISTORY = [
    HistoryRow(position, 1, stream, version, name, at(position), contents)
    for position, stream, version, name, contents in (
        (2, "reservation-1", 1, "ReservationRequested", '{"airplane":1,"customer":"제주"}'),
        (4, "airplane-1", 2, "SeatAssigned", '{"reservation":1,"seat":1}'),
        (6, "reservation-1", 2, "ReservationApproved", '{"airplane":1,"seat":1}'),
        (7, "reservation-1", 3, "ReservationCancelled", '{"airplane":1,"seat":1}'),
        (8, "airplane-1", 4, "SeatReleased", '{"reservation":1,"seat":1}'),
    )
]


def test_a_history_contains_the_events_of_the_airplane_about_the_reservation(
    views: Views,
) -> None:
    given_story(views, *STORY).then(history, HISTORY, 1)


def test_a_history_ends_at_as_of(views: Views) -> None:
    shown = given_story(views, *STORY)
    shown.then(history, HISTORY[:2], 1, as_of=5)
    shown.then(history, HISTORY[:1], 1, as_of=2)
    shown.then(history, [], 1, as_of=1)


def test_a_reservation_that_was_never_requested_has_no_history(views: Views) -> None:
    given_story(views, *STORY).then(history, [], 3)
