"""A window holds the requested rows, and an anchor keeps its place while the list changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from airbook.application.airbook import Airbook
from airbook.application.event_filter import EventFilter, event_filter, of_stream
from airbook.application.event_responses import event_response
from airbook.application.paging import (
    Anchor,
    Window,
    WindowRequest,
    events,
    reservations,
)
from airbook.application.reservation_filter import ReservationFilter, reservation_filter
from airbook.application.responses import Reservation
from airbook.application.stores.store import Store
from airbook.application.text.labels import Labels
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from airbook.eventlog.selection import SortOrder
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, moment, of_reservation, record

ALL = ReservationFilter()
ENGLISH = Labels("en")
BY_NUMBER, BY_POSITION = SortOrder("id", descending=False), SortOrder("position", descending=False)
NOW = moment(0) + timedelta(seconds=1)
HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)


@pytest.fixture
def airbook(store: Store) -> Iterator[Airbook]:
    """Open a store with the story of five seats and six customers, one second after its end."""
    with Airbook(store, clock=lambda: NOW) as opened:
        opened.create_if_missing()
        customers = [
            Customer(f"customer {n}", f"{'kim' if n % 2 else 'lee'} {n}") for n in range(9)
        ]
        opened.log.insert(Rows(customers=customers))
        record(opened.log, *FIVE_SEATS_SIX_CUSTOMERS)
        yield opened


def add_requests(airbook: Airbook, *numbers: int) -> None:
    for number in numbers:
        event = ReservationRequested(2, f"customer {number}")
        record(airbook.log, *of_reservation(number, event))


def summary(window: Window[Reservation]) -> tuple[int, int, list[int], int]:
    return window.total, window.first, [row.id for row in window.rows], window.shift


def test_a_window_can_begin_at_every_row(airbook: Airbook) -> None:
    everything = airbook.queries.reservations()
    for count in range(1, 8):
        for first in range(8):
            begins = max(0, min(first, 6 - count))
            newest = reservations(airbook.queries, ALL, WindowRequest(first, count))
            part = everything[::-1][begins : begins + count]
            assert newest == Window(6, begins, part)
            request = WindowRequest(first, count, order=BY_NUMBER)
            oldest = reservations(airbook.queries, ALL, request)
            assert oldest == Window(6, begins, everything[begins : begins + count])


def test_an_anchor_keeps_its_place_while_rows_are_added_above(airbook: Airbook) -> None:
    assert summary(reservations(airbook.queries, ALL, WindowRequest(2, 2))) == (6, 2, [4, 3], 0)
    add_requests(airbook, 7, 8)
    request = WindowRequest(2, 2, Anchor(key=4, place=2))
    assert summary(reservations(airbook.queries, ALL, request)) == (8, 4, [4, 3], 2)


def test_rows_added_below_do_not_move_the_anchor(airbook: Airbook) -> None:
    add_requests(airbook, 7, 8)
    request = WindowRequest(2, 2, Anchor(key=3, place=2), order=BY_NUMBER)
    assert summary(reservations(airbook.queries, ALL, request)) == (8, 2, [3, 4], 0)


def test_a_row_that_no_longer_matches_the_filter_is_still_an_anchor(airbook: Airbook) -> None:
    received = reservation_filter("status:received", ENGLISH)
    window = reservations(airbook.queries, received, WindowRequest(1, 2, order=BY_NUMBER, as_of=7))
    assert summary(window) == (6, 1, [2, 3], 0)
    request = WindowRequest(1, 2, Anchor(key=2, place=1), order=BY_NUMBER, as_of=11)
    assert summary(reservations(airbook.queries, received, request)) == (4, 0, [3, 4], -1)


def test_reservations_as_of_every_position(airbook: Airbook) -> None:
    for as_of in range(HEAD + 1):
        then = airbook.queries.reservations(as_of=as_of)
        request = WindowRequest(0, 9, order=BY_NUMBER, as_of=as_of)
        assert reservations(airbook.queries, ALL, request) == Window(len(then), 0, then)
        approved = [row for row in then if row.status == "approved"]
        window = reservations(
            airbook.queries, reservation_filter("status:approved", ENGLISH), request
        )
        assert window == Window(len(approved), 0, approved)


def test_events_at_every_row_and_as_of_every_position(airbook: Airbook) -> None:
    everything = [event_response(recorded) for recorded in airbook.log.after(0)]
    for as_of in (None, *range(HEAD + 1)):
        then = everything[:as_of][::-1]
        assigned = [event for event in then if event.type == "SeatAssigned"]
        airplane = [event for event in then if event.stream == "airplane-1"]
        for wanted, rows in (
            (EventFilter(), then),
            (event_filter("type:SeatAssigned", ENGLISH), assigned),
            (of_stream("airplane-1"), airplane),
            (event_filter("type:SeatAssigned stream:airplane-1", ENGLISH), assigned),
        ):
            for first in range(0, len(rows), 2):
                begins = max(0, min(first, len(rows) - 3))
                window = events(airbook.log, wanted, WindowRequest(first, 3, as_of=as_of), NOW)
                assert window == Window(len(rows), begins, rows[begins : begins + 3])


def test_an_anchored_event_keeps_its_place_while_events_are_added_above(airbook: Airbook) -> None:
    add_requests(airbook, 7, 8)
    window = events(airbook.log, EventFilter(), WindowRequest(3, 2, Anchor(HEAD - 3, 3)), NOW)
    assert (window.total, window.first, window.shift) == (HEAD + 2, 5, 2)
    assert [event.position for event in window.rows] == [HEAD - 3, HEAD - 4]
    wanted = event_filter("type:ReservationRequested", ENGLISH)
    window = events(airbook.log, wanted, WindowRequest(0, 2, Anchor(7, 0)), NOW)
    assert [event.position for event in window.rows] == [7, 6]
    request = WindowRequest(1, 2, Anchor(3, 1), order=BY_POSITION)
    window = events(airbook.log, wanted, request, NOW)
    assert ([event.position for event in window.rows], window.shift) == ([3, 4], 0)


def test_an_anchor_keeps_its_place_when_the_list_is_sorted_by_what_changes(
    airbook: Airbook,
) -> None:
    def read(*request: object, as_of: int | None = None) -> tuple[int, int, list[int], int]:
        first, count, anchor = request
        order = SortOrder("status", descending=False)
        asked = WindowRequest(first, count, anchor, order, as_of)  # type: ignore[arg-type]
        return summary(reservations(airbook.queries, ALL, asked))

    assert read(2, 2, None, as_of=7) == (6, 2, [3, 4], 0)
    # Reservations 1 and 2 are approved, which is before "received".
    assert read(2, 2, Anchor(3, 2), as_of=11) == (6, 2, [3, 4], 0)
    # Reservation 6 was the last one, and stays the last one when it is rejected.
    assert read(4, 2, Anchor(6, 5)) == (6, 4, [5, 6], 0)
    # Two more were approved meanwhile, so that reservation 5 comes after four approved ones.
    assert read(1, 2, Anchor(5, 2), as_of=15) == (6, 3, [4, 5], 2)
    # A reservation that had not been requested then has no place.
    assert read(0, 2, Anchor(6, 3), as_of=3) == (2, 0, [1, 2], 0)
