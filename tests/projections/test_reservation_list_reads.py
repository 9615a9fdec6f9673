"""Tests of the reads of a list of reservations: an index finds the shown rows, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import structs

from airbook.domain.reservation import STATUSES, ReservationRequested
from airbook.eventlog.records import Append, Transaction
from airbook.eventlog.selection import Among, SortOrder
from airbook.projections.models.reservation_list import ReservationSelection
from tests.projections.plans import plans, rows_read, statements_of
from tests.projections.reservation_lists import list_of
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record
from tests.support.views import Shown, catch_up, open_views

MANY = 2_000


def where(column: str, *values: str | int) -> ReservationSelection:
    return ReservationSelection(((Among(column, values),),))


APPROVED, OF_AIRPLANE_1 = where("status", "approved"), where("airplane", 1)
OF_CUSTOMERS = where("customer", "customer 1", "customer 2")
BY_AIRPLANE = ReservationSelection((), SortOrder("airplane", descending=True))
BY_STATUS = ReservationSelection((), SortOrder("status", descending=False))
# Most lists take two steps: an index finds the numbers, then the rows are found by number. A list
# whose length is not in the totals is counted first.
CASES = (
    (ReservationSelection(), None, 1, "now"),
    (APPROVED, None, 2, "status_now"),
    (OF_AIRPLANE_1, None, 3, "airplane_now"),
    (OF_CUSTOMERS, None, 3, "customer_now"),
    (BY_AIRPLANE, None, 2, "airplane_now"),
    (BY_STATUS, None, 2, "status_now"),
    (ReservationSelection(), MANY, 1, None),
    (APPROVED, MANY, 3, "status_then"),
    (OF_AIRPLANE_1, MANY, 3, "airplane_now"),
    (OF_CUSTOMERS, MANY, 3, "customer_now"),
    (BY_AIRPLANE, MANY, 2, "airplane_now"),
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
            list_of(many.views, connection, selection, as_of=as_of).rows(0, 20)

    steps = [step for step in plans(many.views, read_list) if " reservations" in step]
    assert len(steps) == count, steps
    is_sorted = selection.order.column != "id"  # a sorted list scans an index from its beginning
    assert is_sorted or not [step for step in steps if step.startswith("SCAN")]
    assert index is None or any(f"reservations_{index}" in step for step in steps), steps


@pytest.mark.parametrize("as_of", [None, MANY])
@pytest.mark.parametrize(
    "selection",
    [ReservationSelection(), where("status", "received"), where("airplane", 2)],
)
@pytest.mark.parametrize("first", [0, 50, MANY - 20])
def test_only_the_rows_that_are_shown_are_read(
    many: Shown, selection: ReservationSelection, as_of: int | None, first: int
) -> None:
    def read_list() -> None:
        with many.views.reading() as connection:
            found = list_of(many.views, connection, selection, as_of=as_of)
            assert found.total
            found.before(MANY // 2)
            found.rows(first, 20)

    counts = 3  # the row of totals, and two queries that count
    assert rows_read(many.views, read_list) <= counts + 2 * 20


@pytest.mark.parametrize("as_of", [None, MANY])
@pytest.mark.parametrize("descending", [True, False])
def test_the_lengths_of_most_lists_are_read_with_the_totals(
    many: Shown, as_of: int | None, descending: bool
) -> None:
    order = SortOrder("id", descending)
    with many.views.reading() as connection:
        lists = [
            list_of(many.views, connection, structs.replace(selection, order=order), as_of=as_of)
            for selection in (ReservationSelection(), *(where("status", one) for one in STATUSES))
        ]

        def count() -> None:
            lists[0].before(3)
            for one in lists:
                assert one.total is not None

        assert statements_of(many.views, count) == []
