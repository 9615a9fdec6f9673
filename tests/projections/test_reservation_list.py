"""Tests of the list of reservations: it shows any part, and reads no other rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings, strategies

from airbook.application.stores.store import Store
from airbook.domain.reservation import STATUSES, ReservationRequested
from airbook.eventlog.records import Append, Transaction
from airbook.projections.models.reservation_list import ReservationList, ReservationSelection
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import READ_MODEL
from airbook.projections.store import Views
from tests.projections.plans import plans, rows_read, statements_of
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log, store_as_is
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    NINE,
    StoryEvent,
    of_reservation,
    record,
)
from tests.support.views import Shown, catch_up, given_story, open_views, rows_at

SELECTIONS = (
    ReservationSelection(),
    *map(ReservationSelection, STATUSES),
    ReservationSelection(airplane=2),
    ReservationSelection(customers=("c1", "c3")),
    ReservationSelection(customers=()),
    ReservationSelection("approved", 1),
    ReservationSelection("received", customers=("c1", "c2", "c3")),
    ReservationSelection("rejected", 2, ("c1", "c4")),
)


def is_selected(row: ReservationRow, selection: ReservationSelection) -> bool:
    return (
        selection.status in (None, row.status)
        and selection.airplane in (None, row.airplane)
        and (selection.customers is None or row.customer in selection.customers)
    )


@settings(max_examples=10)
@given(
    story=STORIES,
    newest_first=strategies.booleans(),
    key=strategies.integers(0, 9),
    part=strategies.tuples(strategies.integers(0, 6), strategies.integers(1, 6)),
)
def test_any_part_of_any_list_is_the_fold_of_the_events(
    fresh: Fresh, story: tuple[StoryEvent, ...], newest_first: bool, key: int, part: tuple[int, int]
) -> None:
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        (first, limit), head = part, record(log, *story)
        catch_up(views)
        events = log.after(0)
        with views.reading() as connection:
            for as_of, selection in product((None, *range(head + 1)), SELECTIONS):
                then = rows_at(READ_MODEL, events[: head if as_of is None else as_of])
                reservations = [ReservationRow(*row) for row in then]
                rows = [row for row in reservations if is_selected(row, selection)]
                rows.sort(key=lambda row: row.id, reverse=newest_first)
                found = ReservationList(
                    connection, selection, as_of=as_of, newest_first=newest_first
                )
                assert found.total() == len(rows)
                assert found.rows(first, limit) == rows[first : first + limit]
                ids = [row.id for row in rows]
                above, below = [one for one in ids if one > key], [one for one in ids if one < key]
                assert found.before(key) == len(above if newest_first else below)


def test_an_unreadable_request_leaves_a_gap(views: Views, store: Store) -> None:
    given_story(views, *of_reservation(1, ReservationRequested(1, "c1")))
    store_as_is(store, "reservation-2", 1, "ReservationRequested.v1", b"")
    append = Append("reservation", 3, 0, (ReservationRequested(1, "c3"),))
    views.log.append(Transaction(at=NINE, appends=(append,)))
    catch_up(views)
    with views.reading() as connection:
        for newest_first, numbers in ((True, [3, 1]), (False, [1, 3])):
            found = ReservationList(connection, newest_first=newest_first)
            assert (found.total(), [row.id for row in found.rows(0, 9)]) == (2, numbers)
            assert [found.before(number) for number in numbers] == [0, 1]
            assert [row.id for row in found.rows(1, 1)] == numbers[1:]
        assert ReservationList(connection, as_of=2).total() == 1


def test_a_page_begins_at_its_place_in_the_order_of_the_list(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with views.reading() as connection:
        for newest_first, numbers in ((True, [5, 4]), (False, [2, 3])):
            found = ReservationList(connection, newest_first=newest_first)
            assert [row.id for row in found.rows(1, 2)] == numbers


def test_no_reservation_has_an_unknown_status(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with views.reading() as connection:
        found = ReservationList(connection, ReservationSelection("newest"))  # a name in the totals
        assert (found.total(), found.rows(0, 9)) == (0, [])


MANY = 2_000
# Most lists take two steps: an index finds the numbers, then the rows are found by number.
CASES = (
    (ReservationSelection(), None, 1, "now"),
    (ReservationSelection("approved"), None, 2, "status_now"),
    (ReservationSelection(airplane=1), None, 2, "airplane_now"),
    (ReservationSelection(customers=("customer 1", "customer 2")), None, 2, "customer_now"),
    (ReservationSelection(), MANY, 1, None),
    (ReservationSelection("approved"), MANY, 3, "status_then"),
    (ReservationSelection(airplane=1), MANY, 2, "airplane_now"),
    (ReservationSelection(customers=("customer 1", "customer 2")), MANY, 2, "customer_now"),
)


@pytest.fixture(scope="module")
def many(fresh: Fresh) -> Iterator[Shown]:
    """Record the story of five seats and six customers, and requests for other airplanes.

    All tests share it, so none may change it.
    """
    requests = [
        Append("reservation", None, 0, (ReservationRequested(2 + n % 7, f"c{n % 5}"),))
        for n in range(MANY)
    ]
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        log.append(Transaction(at=NINE, appends=requests))
        yield catch_up(views)


@pytest.mark.parametrize(("selection", "as_of", "count", "index"), CASES)
def test_an_index_finds_the_rows_of_a_list(
    many: Shown, selection: ReservationSelection, as_of: int | None, count: int, index: str | None
) -> None:
    def read_list() -> None:
        with many.views.reading() as connection:
            ReservationList(connection, selection, as_of=as_of).rows(0, 20)

    steps = [step for step in plans(many.views, read_list) if " reservations" in step]
    assert len(steps) == count, steps
    assert not [step for step in steps if step.startswith("SCAN")]
    assert index is None or any(f"reservations_{index}" in step for step in steps), steps


@pytest.mark.parametrize("as_of", [None, MANY])
@pytest.mark.parametrize(
    "selection",
    [ReservationSelection(), ReservationSelection("received"), ReservationSelection(airplane=2)],
)
@pytest.mark.parametrize("first", [0, 50, MANY - 20])
def test_only_the_rows_that_are_shown_are_read(
    many: Shown, selection: ReservationSelection, as_of: int | None, first: int
) -> None:
    def read_list() -> None:
        with many.views.reading() as connection:
            found = ReservationList(connection, selection, as_of=as_of)
            found.total()
            found.before(MANY // 2)
            found.rows(first, 20)

    counts = 3  # the row of totals, and two queries that count
    assert rows_read(many.views, read_list) <= counts + 2 * 20


@pytest.mark.parametrize("as_of", [None, MANY])
@pytest.mark.parametrize("newest_first", [True, False])
def test_the_lengths_of_most_lists_are_read_with_the_totals(
    many: Shown, as_of: int | None, newest_first: bool
) -> None:
    with many.views.reading() as connection:
        lists = [
            ReservationList(connection, selection, as_of=as_of, newest_first=newest_first)
            for selection in (ReservationSelection(), *map(ReservationSelection, STATUSES))
        ]

        def count() -> None:
            lists[0].before(3)
            for one in lists:
                one.total()

        assert statements_of(many.views, count) == []
