"""A list of reservations shows any part of itself, and reads no more than that."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings, strategies

from airbook.application.stores import Store
from airbook.domain.reservation import STATUSES, ReservationRequested
from airbook.eventlog.records import Append, Transaction
from airbook.projections.models.reservation_list import Listing, Wanted
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import VIEW, decided_by_second
from airbook.projections.store import Views
from tests.projections.plans import plans, rows_read
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log, store_as_is
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    NINE,
    Told,
    at,
    of_reservation,
    record,
)
from tests.support.views import Shown, catch_up, given_story, open_views, remembered

WANTED = (
    Wanted(),
    *map(Wanted, STATUSES),
    Wanted(airplane=2),
    Wanted(customers=("c1", "c3")),
    Wanted(customers=()),
    Wanted("approved", 1),
    Wanted("received", customers=("c1", "c2", "c3")),
    Wanted("rejected", 2, ("c1", "c4")),
)


def is_wanted(row: ReservationRow, wanted: Wanted) -> bool:
    return (
        wanted.status in (None, row.status)
        and wanted.airplane in (None, row.airplane)
        and (wanted.customers is None or row.customer in wanted.customers)
    )


@settings(max_examples=10)
@given(
    story=STORIES,
    newest_first=strategies.booleans(),
    key=strategies.integers(0, 9),
    part=strategies.tuples(strategies.integers(0, 6), strategies.integers(1, 6)),
)
def test_any_part_of_any_list_is_as_the_facts_add_up(
    fresh: Fresh, story: tuple[Told, ...], newest_first: bool, key: int, part: tuple[int, int]
) -> None:
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        (first, limit), head = part, record(log, *story)
        catch_up(views)
        events = log.after(0)
        with views.reading() as connection:
            for as_of, wanted in product((None, *range(head + 1)), WANTED):
                held = remembered(VIEW, events[: head if as_of is None else as_of])
                there = [ReservationRow(*row[:-2]) for row in held if row[-1] is None]
                rows = [row for row in there if is_wanted(row, wanted)]
                rows.sort(key=lambda row: row.id, reverse=newest_first)
                found = Listing(connection, wanted, as_of=as_of, newest_first=newest_first)
                assert found.total() == len(rows)
                assert found.rows(first, limit) == rows[first : first + limit]
                ids = [row.id for row in rows]
                over, under = [one for one in ids if one > key], [one for one in ids if one < key]
                assert found.before(key) == len(over if newest_first else under)


def test_a_request_that_cannot_be_read_leaves_a_gap(views: Views, store: Store) -> None:
    given_story(views, *of_reservation(1, ReservationRequested(1, "c1")))
    store_as_is(store, "reservation-2", 1, "ReservationRequested.v1", b"")
    append = Append("reservation", 3, 0, (ReservationRequested(1, "c3"),))
    views.log.commit(Transaction(at=NINE, appends=(append,)))
    catch_up(views)
    with views.reading() as connection:
        for newest_first, numbers in ((True, [3, 1]), (False, [1, 3])):
            found = Listing(connection, newest_first=newest_first)
            assert (found.total(), [row.id for row in found.rows(0, 9)]) == (2, numbers)
            assert [found.before(number) for number in numbers] == [0, 1]
            assert [row.id for row in found.rows(1, 1)] == numbers[1:]
        assert Listing(connection, as_of=2).total() == 1


MANY = 2_000
CASES = (
    (Wanted(), None, "now"),
    (Wanted("approved"), None, "status_now"),
    (Wanted(airplane=1), None, "airplane_now"),
    (Wanted(customers=("customer 1", "customer 2")), None, "customer_now"),
    (Wanted(), MANY, None),
    (Wanted("approved"), MANY, "status_then"),
    (Wanted(airplane=1), MANY, "airplane_now"),
    (Wanted(customers=("customer 1", "customer 2")), MANY, "customer_now"),
)


@pytest.fixture
def many(views: Views) -> Shown:
    """Tell the story of five seats and six customers, and request many seats elsewhere."""
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    requests = [
        Append("reservation", None, 0, (ReservationRequested(2 + n % 7, f"c{n % 5}"),))
        for n in range(MANY)
    ]
    views.log.commit(Transaction(at=NINE, appends=requests))
    return catch_up(views)


@pytest.mark.parametrize(("wanted", "as_of", "index"), CASES)
def test_no_row_is_looked_at_that_is_not_wanted(
    many: Shown, wanted: Wanted, as_of: int | None, index: str | None
) -> None:
    def look() -> None:
        with many.views.reading() as connection:
            Listing(connection, wanted, as_of=as_of).rows(0, 20)

    steps = [step for step in plans(many.views, look) if " reservations" in step]
    assert steps
    assert not [step for step in steps if step.startswith("SCAN")]
    assert index is None or any(f"reservations_{index}" in step for step in steps), steps


@pytest.mark.parametrize("as_of", [None, MANY])
@pytest.mark.parametrize("wanted", [Wanted(), Wanted("received"), Wanted(airplane=2)])
@pytest.mark.parametrize("first", [0, 50, MANY - 20])
def test_only_the_rows_that_are_shown_are_read(
    many: Shown, wanted: Wanted, as_of: int | None, first: int
) -> None:
    def look() -> None:
        with many.views.reading() as connection:
            found = Listing(connection, wanted, as_of=as_of)
            found.total()
            found.before(MANY // 2)
            found.rows(first, 20)

    ones = 3  # the totals, and two counts
    assert rows_read(many.views, look) <= ones + 2 * 20


def test_decisions_are_counted_by_second_when_they_were_made(views: Views) -> None:
    shown = given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    second = at(0)[:19]
    shown.then(decided_by_second, {second: 6}, at(0), at(1_000))
    shown.then(decided_by_second, {second: 1}, at(10), at(13))
    shown.then(decided_by_second, {second: 3}, at(0), at(1_000), as_of=13)
    shown.then(decided_by_second, {}, at(1_000), at(2_000))
