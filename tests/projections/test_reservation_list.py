"""Tests of the list of reservations: it shows any part, and reads no other rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies

from airbook.application.stores.store import Store
from airbook.domain.reservation import REASONS, STATUSES, ReservationRequested
from airbook.eventlog.records import Append, Transaction
from airbook.eventlog.selection import Among, Clause, Condition, Contains, SortOrder, Within
from airbook.projections.models import reservation_list
from airbook.projections.models.reservation_list import ReservationList, ReservationSelection
from airbook.projections.models.reservation_row import ReservationRow
from airbook.projections.models.reservations import READ_MODEL
from airbook.projections.store import Views
from tests.projections.reservation_lists import in_order, list_of, selected
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log, store_as_is
from tests.support.stories import (
    FIVE_SEATS_SIX_CUSTOMERS,
    NINE,
    StoryEvent,
    at,
    of_reservation,
    record,
)
from tests.support.views import catch_up, given_story, open_views, rows_at

COLUMNS = ("id", "airplane", "customer", "status", "seat", "reason", "received_at", "decided_at")
ORDERS = tuple(SortOrder(column, descending) for column in COLUMNS for descending in (True, False))
CUSTOMERS = ("c3", "c1", "c7", "c2", "nobody")  # by name; the other customers have no name
CONDITIONS: tuple[Condition, ...] = (
    *(Among("status", (status,)) for status in STATUSES),
    Among("status", ("rejected", "received")),
    Among("airplane", (2,)),
    Among("airplane", (1, 3)),
    Among("customer", ("c1", "c3")),
    Among("customer", ()),
    Among("seat", (1,)),
    Among("reason", REASONS[:2]),
    Contains("reason", "closed"),
    Contains("reason", "%"),
    Contains("reason", "_"),
    Contains("id", "1"),
    Contains("seat", "2"),
    Within("received_at", at(3), at(20)),
    Within("decided_at", at(0), at(30)),
    Within("id", 2, 5),
)
CLAUSES = strategies.one_of(
    strategies.sampled_from([(), *(((one,),) for one in CONDITIONS)]),
    strategies.lists(
        strategies.lists(strategies.sampled_from(CONDITIONS), max_size=3).map(tuple), max_size=3
    ).map(tuple),
)


def check(found: ReservationList, rows: list[ReservationRow], part: tuple[int, int]) -> None:
    """Check that a list has exactly these rows, in this order."""
    first, limit = part
    assert found.total == len(rows)
    assert found.rows(first, limit) == rows[first : first + limit]
    for place, row in enumerate(rows[first : first + limit], first):
        assert found.before(row.id) == place


@settings(max_examples=15)
@given(
    story=STORIES,
    moments=strategies.sets(strategies.integers(0, 60), max_size=3),
    chosen=strategies.tuples(CLAUSES, strategies.sampled_from(ORDERS)),
    part=strategies.tuples(strategies.integers(0, 6), strategies.integers(1, 6)),
)
def test_any_part_of_any_list_is_the_fold_of_the_events(
    fresh: Fresh,
    story: tuple[StoryEvent, ...],
    moments: set[int],
    chosen: tuple[tuple[Clause, ...], SortOrder],
    part: tuple[int, int],
) -> None:
    clauses, order = chosen
    selection = ReservationSelection(clauses, order, CUSTOMERS)
    with (
        pytest.MonkeyPatch.context() as patched,
        fresh.store() as store,
        open_log(store) as log,
        open_views(log, store) as views,
    ):
        patched.setattr(reservation_list, "FAR", 1)
        head = record(log, *story)
        catch_up(views)
        events = log.after(0)
        with views.reading() as connection:
            for as_of in (None, *(one % (head + 1) for one in moments)):
                then = rows_at(READ_MODEL, events[: head if as_of is None else as_of])
                rows = selected((ReservationRow(*row) for row in then), clauses)
                rows = in_order(rows, order, CUSTOMERS)
                check(list_of(views, connection, selection, as_of=as_of), rows, part)


def test_places_are_counted_for_reservations_that_are_not_in_the_list(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    approved = (Among("status", ("approved",)),)
    with views.reading() as connection:

        def places(*numbers: int, as_of: int | None = None, **order: bool) -> list[int | None]:
            [(column, descending)] = order.items()
            selection = ReservationSelection((approved,), SortOrder(column, descending))
            found = list_of(views, connection, selection, as_of=as_of)
            return [found.before(number) for number in numbers]

        assert places(0, 6, 7, id=True) == [5, 0, 0]
        assert places(0, 6, 7, id=False) == [0, 5, 5]
        assert places(0, 6, 7, reason=True) == [None, 0, None]
        assert places(0, 6, 7, status=False) == [None, 5, None]
        assert places(3, 6, seat=True, as_of=1) == [None, None]


def test_an_unreadable_request_leaves_a_gap(views: Views, store: Store) -> None:
    given_story(views, *of_reservation(1, ReservationRequested(1, "c1")))
    store_as_is(store, "reservation-2", 1, "ReservationRequested.v1", b"")
    append = Append("reservation", 3, 0, (ReservationRequested(1, "c3"),))
    views.log.append(Transaction(at=NINE, appends=(append,)))
    catch_up(views)
    with views.reading() as connection:
        for descending, numbers in ((True, [3, 1]), (False, [1, 3])):
            selection = ReservationSelection((), SortOrder("id", descending))
            found = list_of(views, connection, selection)
            assert (found.total, [row.id for row in found.rows(0, 9)]) == (2, numbers)
            assert [found.before(number) for number in numbers] == [0, 1]
            assert [row.id for row in found.rows(1, 1)] == numbers[1:]
        assert list_of(views, connection, as_of=2).total == 1


def test_a_page_begins_at_its_place_in_the_order_of_the_list(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with views.reading() as connection:
        for descending, numbers in ((True, [5, 4]), (False, [2, 3])):
            selection = ReservationSelection((), SortOrder("id", descending))
            found = list_of(views, connection, selection)
            assert [row.id for row in found.rows(1, 2)] == numbers


def test_no_reservation_has_an_unknown_status(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with views.reading() as connection:
        named = Among("status", ("newest",))  # a name in the totals
        found = list_of(views, connection, ReservationSelection(((named,),)))
        assert (found.total, found.rows(0, 9)) == (0, [])
