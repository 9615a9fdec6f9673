"""Tests of unreadable events: the views show all other events."""

from __future__ import annotations

from random import Random

import pytest

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.projections.models.airplanes import AirplaneRow, airplanes
from airbook.projections.models.history import history
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import reservation_row, reservations
from airbook.projections.models.totals import TotalsRow, totals
from airbook.projections.store import Views
from tests.support.stores import store_as_is
from tests.support.stories import at, of_airplane, of_reservation
from tests.support.views import (
    Shown,
    catch_up,
    expected_tables,
    given_story,
    rebuild_all,
    whole_tables,
)

REQUESTED, CREATED = "ReservationRequested.v1", "AirplaneCreated.v1"
DEEP = b"[" * 200_000 + b"]" * 200_000


def stored(contents: bytes, time: str = at(2)) -> bytes:
    return b'{"at":"%b","data":%b}' % (time.encode(), contents)


NONSENSE = (
    ("TicketSold.v1", stored(b'{"airplane":1}')),
    ("ReservationRequested.v2", stored(b'{"airplane":1}')),
    (REQUESTED, b""),
    (REQUESTED, stored(b'{"airplane":"one"}')),
    (REQUESTED, stored(b'{"airplane":1,"customer":"\xff"}')),
    (REQUESTED, stored(b'{"airplane":1,"customer":"\\ud800"}')),
    (REQUESTED, stored(b'{"airplane":1,"customer":"\xed\xa0\x80"}')),
    (REQUESTED, stored(b'{"airplane":9223372036854775808,"customer":"c1"}')),
    (REQUESTED, stored(DEEP)),
    (CREATED, stored(b'{"seats":"\xff"}')),
)


def given_story_around(views: Views, store: Store, stream: str, topic: str, state: bytes) -> Shown:
    """Record an airplane, then an event in its stored form, then a request for a seat."""
    given_story(views, *of_airplane(1, AirplaneCreated(5)))
    store_as_is(store, stream, 1, topic, state)
    return given_story(views, *of_reservation(1, ReservationRequested(1, "c1")))


@pytest.mark.parametrize("stream", ["airplane-2", "reservation-2", "nonsense"])
@pytest.mark.parametrize(("topic", "state"), NONSENSE, ids=range(len(NONSENSE)))
def test_the_events_around_an_unreadable_event_are_shown(
    views: Views, store: Store, stream: str, topic: str, state: bytes
) -> None:
    shown = given_story_around(views, store, stream, topic, state)
    shown.then(airplanes, [AirplaneRow(1, None, 5, pending=1, status="open")])
    shown.then(reservations, [ReservationRow(1, 1, "c1", "received", received_at=at(3))])
    shown.then(totals, TotalsRow(airplanes=1, received=1, newest=1))
    assert whole_tables(views) == expected_tables(views)
    assert rebuild_all(views) == [3]


LONG = Random(1).randbytes(4_000).hex().encode()  # random, so that no server compresses it
STRANGE = {
    "null as a time": (REQUESTED, stored(b'{"airplane":1,"customer":"c9"}', "\\u0000")),
    "an empty customer": (REQUESTED, stored(b'{"airplane":1,"customer":""}')),
    "null in a customer": (REQUESTED, stored(b'{"airplane":1,"customer":"c\\u0000"}')),
    "null in a name": (CREATED, stored(b'{"seats":1,"name":"\\u0000"}')),
    "null in an unknown field": (CREATED, stored(b'{"seats":1,"colour":"\\u0000"}')),
    "a long customer": (REQUESTED, stored(b'{"airplane":1,"customer":"%b"}' % LONG)),
    "a long name": (CREATED, stored(b'{"seats":1,"name":"%b"}' % LONG)),
    "a long unknown field": (CREATED, stored(b'{"seats":1,"colour":"%b"}' % LONG)),
    "the largest numbers": (REQUESTED, stored(b'{"airplane":999999999,"customer":"c9"}')),
    "the most seats": (CREATED, stored(b'{"seats":999999999}')),
}


@pytest.mark.parametrize("stream", ["airplane-2", "reservation-2"])
@pytest.mark.parametrize(("topic", "state"), STRANGE.values(), ids=STRANGE)
def test_the_events_around_a_strange_event_are_shown(
    views: Views, store: Store, stream: str, topic: str, state: bytes
) -> None:
    shown = given_story_around(views, store, stream, topic, state)
    received = ReservationRow(1, 1, "c1", "received", received_at=at(3))
    shown.then(reservation_row, received, 1)
    assert whole_tables(views) == expected_tables(views)
    assert rebuild_all(views) == [3]
    assert whole_tables(views) == expected_tables(views)


def test_the_history_shows_an_unreadable_event_as_it_is_stored(views: Views, store: Store) -> None:
    given_story(views, *of_reservation(1, ReservationRequested(1, "c1")))
    store_as_is(store, "reservation-1", 2, "MealChosen.v1", stored(b'{"meal":"bibimbap"}'))
    requested, chosen = views.log.after(0)
    catch_up(views).then(history, [requested, chosen], views.log, 1)
    assert (chosen.type, chosen.data) == ("MealChosen", b'{"meal":"bibimbap"}')


def test_a_reservation_with_an_unreadable_request_is_not_shown(views: Views, store: Store) -> None:
    store_as_is(store, "reservation-1", 1, "ReservationRequested.v9", stored(b"{}"))
    approved = stored(b'{"airplane":1,"seat":1}')
    store_as_is(store, "reservation-1", 2, "ReservationApproved.v1", approved)
    catch_up(views).then(reservations, [])
    assert whole_tables(views) == expected_tables(views)
