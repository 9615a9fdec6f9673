"""Tests of query plans: indexes over present rows only find the present rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sql

from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.records import Append, Transaction
from airbook.projections.models.airplanes import airplane_row, airplanes
from airbook.projections.models.reservations import reservation_row, reservations
from airbook.projections.models.totals import totals
from airbook.projections.store import READ_MODELS, Views
from tests.projections.plans import plans
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record
from tests.support.views import catch_up, given_story, open_views, rebuild_all

REQUESTED = Append("reservation", None, 0, (ReservationRequested(2, "c9"),))
MANY = 2_000  # for fewer rows, any index is as good as another

PRESENT: tuple[tuple[Callable[[sql.Connection], Any], str], ...] = (
    (partial(airplane_row, number=1), "SEARCH airplanes USING INDEX airplanes_now"),
    (airplanes, "SCAN airplanes USING INDEX airplanes_now"),
    (partial(reservation_row, number=3), "SEARCH reservations USING INDEX reservations_now"),
    (
        partial(reservations, customer="customer 3"),
        "SEARCH reservations USING INDEX reservations_customer",
    ),
    (
        partial(reservations, status="approved"),
        "SEARCH reservations USING INDEX reservations_status",
    ),
    (
        partial(reservations, airplane=1),
        "SEARCH reservations USING INDEX reservations_airplane",
    ),
    (partial(reservations, limit=20), "SCAN reservations USING INDEX reservations_now"),
    (totals, "SCAN totals USING INDEX totals_now"),
)


@pytest.fixture(scope="module", params=[False, True], ids=["live", "rebuilt"])
def crowded(request: pytest.FixtureRequest, fresh: Fresh) -> Iterator[Views]:
    """Create views of the story of five seats and six customers, and of many requests.

    All tests share them, so none may change them.
    """
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
        log.append(Transaction(at=NINE, appends=[REQUESTED] * MANY))
        catch_up(views)
        if request.param:
            rebuild_all(views)
        yield views


@pytest.mark.parametrize(("query", "plan"), PRESENT)
def test_present_rows_are_found_by_an_index_without_past_rows(
    crowded: Views, query: Callable[[sql.Connection], Any], plan: str
) -> None:
    with crowded.reading() as connection:
        (found, *_) = plans(crowded, partial(query, connection))
    assert found.startswith(plan)


def test_applying_events_reads_no_past_row(views: Views) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    steps = plans(views, partial(catch_up, views, 5))
    tables = {step.split()[1] for step in steps}
    # Each row of the history is new, so none is looked up or ended.
    assert tables - {"checkpoints"} == READ_MODELS.keys() - {"history"}
    for name in tables - {"checkpoints"}:
        for step in steps:
            if step.split()[1] == name:
                # For a few rows PostgreSQL may use any index; one named _now has no past rows.
                assert re.match(rf"SEARCH {name} USING INDEX {name}\w*_now", step)
