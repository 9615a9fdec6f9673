"""Windows show what they are asked for, and what was looked at stays where it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from airbook.application.airbook import Airbook
from airbook.application.paging import (
    Anchor,
    EventFilter,
    ReservationFilter,
    Scope,
    Window,
    event_response,
    events,
    reservations,
)
from airbook.application.responses import Reservation
from airbook.application.stores.store import Store
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, moment, of_reservation, record

ALL = ReservationFilter()
HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)


@pytest.fixture
def airbook(store: Store) -> Iterator[Airbook]:
    """Open a book that tells of five seats and six customers; it is a second later."""
    with Airbook(store, clock=lambda: moment(0) + timedelta(seconds=1)) as opened:
        opened.create_if_missing()
        customers = [
            Customer(f"customer {n}", f"{'kim' if n % 2 else 'lee'} {n}") for n in range(9)
        ]
        opened.log.insert(Rows(customers=customers))
        record(opened.log, *FIVE_SEATS_SIX_CUSTOMERS)
        yield opened


def request(airbook: Airbook, *numbers: int) -> None:
    for number in numbers:
        wanted = ReservationRequested(2, f"customer {number}")
        record(airbook.log, *of_reservation(number, wanted))


def shown(window: Window[Reservation]) -> tuple[int, int, list[int], int]:
    return window.total, window.first, [row.id for row in window.rows], window.shift


def test_a_window_is_read_at_every_place(airbook: Airbook) -> None:
    everything = airbook.queries.reservations()
    for count in range(1, 8):
        for first in range(8):
            begins = max(0, min(first, 6 - count))
            newest = reservations(airbook.queries, ALL, Scope(first, count))
            part = everything[::-1][begins : begins + count]
            assert newest == Window(6, begins, part)
            oldest = reservations(airbook.queries, ALL, Scope(first, count, newest_first=False))
            assert oldest == Window(6, begins, everything[begins : begins + count])


def test_what_is_looked_at_stays_where_it_was_while_others_come_above(airbook: Airbook) -> None:
    assert shown(reservations(airbook.queries, ALL, Scope(2, 2))) == (6, 2, [4, 3], 0)
    request(airbook, 7, 8)
    scope = Scope(2, 2, Anchor(key=4, place=2))
    assert shown(reservations(airbook.queries, ALL, scope)) == (8, 4, [4, 3], 2)


def test_what_comes_below_moves_nothing(airbook: Airbook) -> None:
    request(airbook, 7, 8)
    scope = Scope(2, 2, Anchor(key=3, place=2), newest_first=False)
    assert shown(reservations(airbook.queries, ALL, scope)) == (8, 2, [3, 4], 0)


def test_a_row_that_is_wanted_no_more_is_still_an_anchor(airbook: Airbook) -> None:
    received = ReservationFilter(status="received")
    then = reservations(airbook.queries, received, Scope(1, 2, newest_first=False, as_of=7))
    assert shown(then) == (6, 1, [2, 3], 0)
    scope = Scope(1, 2, Anchor(key=2, place=1), newest_first=False, as_of=11)
    assert shown(reservations(airbook.queries, received, scope)) == (4, 0, [3, 4], -1)


def test_lists_are_narrowed(airbook: Airbook) -> None:
    def found(**wanted: object) -> list[int]:
        narrowed = ReservationFilter(**wanted)  # type: ignore[arg-type]
        return [row.id for row in reservations(airbook.queries, narrowed, Scope(0, 9)).rows]

    assert found(status="rejected") == [6]
    assert found(airplane=2) == []
    assert found(customer="kim") == [5, 3, 1]
    assert found(customer="k", status="approved", airplane=1) == [5, 3, 1]
    assert found(customer="kim 3", exactly=True) == [3]
    assert found(customer="kim", exactly=True) == []
    assert found(customer="nobody") == []
    assert found(customer="") == [6, 5, 4, 3, 2, 1]


def test_every_moment_is_shown_as_it_was(airbook: Airbook) -> None:
    for as_of in range(HEAD + 1):
        there = airbook.queries.reservations(as_of=as_of)
        scope = Scope(0, 9, newest_first=False, as_of=as_of)
        assert reservations(airbook.queries, ALL, scope) == Window(len(there), 0, there)
        approved = [row for row in there if row.status == "approved"]
        window = reservations(airbook.queries, ReservationFilter("approved"), scope)
        assert window == Window(len(approved), 0, approved)


def test_facts_are_shown_at_every_place_and_of_every_moment(airbook: Airbook) -> None:
    everything = [event_response(recorded) for recorded in airbook.log.after(0)]
    for as_of in (None, *range(HEAD + 1)):
        there = everything[:as_of][::-1]
        assigned = [event for event in there if event.type == "SeatAssigned"]
        plane = [event for event in there if event.stream == "airplane-1"]
        for wanted, rows in (
            (EventFilter(), there),
            (EventFilter(("SeatAssigned",)), assigned),
            (EventFilter(stream="airplane-1"), plane),
            (EventFilter(("SeatAssigned",), "airplane-1"), assigned),
        ):
            for first in range(0, len(rows), 2):
                begins = max(0, min(first, len(rows) - 3))
                window = events(airbook, wanted, Scope(first, 3, as_of=as_of))
                assert window == Window(len(rows), begins, rows[begins : begins + 3])


def test_a_fact_stays_where_it_was_while_others_come_above(airbook: Airbook) -> None:
    request(airbook, 7, 8)
    window = events(airbook, EventFilter(), Scope(3, 2, Anchor(HEAD - 3, 3)))
    assert (window.total, window.first, window.shift) == (HEAD + 2, 5, 2)
    assert [event.position for event in window.rows] == [HEAD - 3, HEAD - 4]
    wanted = EventFilter(("ReservationRequested",))
    window = events(airbook, wanted, Scope(0, 2, Anchor(7, 0)))
    assert [event.position for event in window.rows] == [7, 6]
    window = events(airbook, wanted, Scope(1, 2, Anchor(3, 1), newest_first=False))
    assert ([event.position for event in window.rows], window.shift) == ([3, 4], 0)


def test_rejections_are_counted_by_reason(airbook: Airbook) -> None:
    none = {"no_seats_left": 0, "no_such_airplane": 0, "airplane_closed": 0}
    assert airbook.queries.rejections() == {**none, "no_seats_left": 1}
    assert airbook.queries.rejections(as_of=HEAD - 1) == none


def test_decisions_are_counted_by_second(airbook: Airbook) -> None:
    assert airbook.queries.decided_by_second(3) == [0, 6, 0]
    assert airbook.queries.decided_by_second(3, as_of=13) == [0, 0, 3]
    assert airbook.queries.decided_by_second(3, as_of=0) == [0, 0, 0]
    assert sum(airbook.queries.decided_by_second()) == 6
    assert len(airbook.queries.decided_by_second()) == 60
