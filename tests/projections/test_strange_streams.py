"""Tests of streams that airbook would not write: the rows that their events leave."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import pytest
from msgspec import json

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationApproved, ReservationRequested
from airbook.eventlog.records import Stream
from airbook.projections.models.airplanes import AirplaneRow, airplanes
from airbook.projections.models.history import history
from airbook.projections.models.reservation_row import ReservationRow, apply
from airbook.projections.models.reservations import reservations
from airbook.projections.store import Views
from tests.support.stores import store_as_is
from tests.support.stories import at, of_airplane, of_reservation
from tests.support.views import Shown, catch_up, given_story, whole_tables

Fields = dict[str, object]
StoreNext = Callable[[str, int, str, Fields], Shown]


@pytest.fixture
def store_next(views: Views, store: Store) -> StoreNext:
    """Return a function that appends a stored event at its time, and applies it to the views."""

    def append(stream: str, version: int, topic: str, data: Fields) -> Shown:
        state = json.encode({"at": at(views.log.head() + 1), "data": data})
        store_as_is(store, stream, version, topic, state)
        return catch_up(views)

    return append


def test_a_stream_whose_name_has_no_number_has_rows_of_its_own(
    views: Views, store_next: StoreNext
) -> None:
    given_story(views, *of_airplane(1, AirplaneCreated(5)))
    store_next("airplane", 1, "AirplaneCreated.v1", {"seats": 2})
    shown = store_next(
        "reservation", 1, "ReservationRequested.v1", {"airplane": 1, "customer": "c1"}
    )
    unnumbered = AirplaneRow(0, seats=2, status="open")
    shown.then(airplanes, [unnumbered, AirplaneRow(1, seats=5, pending=1, status="open")])
    shown.then(reservations, [ReservationRow(0, 1, "c1", "received", received_at=at(3))])
    shown.then(history, views.log.after(2), views.log, 0)


def test_an_airplane_that_was_not_created_has_an_empty_row_that_no_list_shows(
    views: Views, store_next: StoreNext
) -> None:
    store_next("reservation-1", 1, "ReservationRequested.v9", {})
    store_next("airplane-1", 1, "AirplaneCreated.v9", {})
    shown = store_next("reservation-1", 2, "ReservationCancelled.v1", {"airplane": 2, "seat": 3})
    shown.then(airplanes, [])
    assert whole_tables(views)["airplanes"] == [
        (1, None, 0, 0, 0, None, 2, None),
        (2, None, 0, 0, 0, None, 3, None),
    ]


def test_an_unreadable_event_leaves_a_reservation_as_it_was(
    views: Views, store_next: StoreNext
) -> None:
    given_story(views, *of_reservation(1, ReservationRequested(1, "c1")))
    store_next("reservation-1", 2, "MealChosen.v1", {"meal": "bibimbap"})
    shown = given_story(views, *of_reservation(1, ReservationApproved(1, 4)))
    approved = ReservationRow(1, 1, "c1", "approved", 4, None, at(1), at(3))
    shown.then(reservations, [approved])
    assert reduce(apply, views.log.stream(Stream("reservation", 1)), None) == approved


def test_a_reservation_has_no_row_if_its_request_is_unreadable(
    views: Views, store_next: StoreNext
) -> None:
    store_next("reservation-1", 1, "ReservationRequested.v9", {})
    shown = store_next("reservation-1", 2, "ReservationApproved.v1", {"airplane": 1, "seat": 1})
    shown.then(reservations, [])
    assert reduce(apply, views.log.stream(Stream("reservation", 1)), None) is None
