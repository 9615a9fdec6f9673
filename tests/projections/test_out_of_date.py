"""A view of something else says so, and is right after it was rebuilt."""

from __future__ import annotations

import pytest
import sqlalchemy as sql
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.log import Log
from airbook.projections.models.airplanes import VIEW as AIRPLANES
from airbook.projections.rebuild import rebuild
from airbook.projections.store import VIEWS, Views
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record
from tests.support.views import catch_up, from_the_log, given_story, open_views, whole_tables

ALL = list(VIEWS.values())
NEW_RULES = structs.replace(AIRPLANES, rules=2)
NEW_COLUMNS = structs.replace(
    AIRPLANES,
    table=sql.Table(
        "airplanes",
        sql.MetaData(),
        *(sql.Column(name, sql.String) for name in ("id", "name", "rows")),
        sql.Column("since", sql.Integer),
        sql.Column("until", sql.Integer),
    ),
)


def rebuilt(views: Views) -> Views:
    """Rebuild what is out of date, then apply everything."""
    list(rebuild(views, views.out_of_date()))
    catch_up(views)
    return views


def test_views_of_this_log_are_not_out_of_date(views: Views) -> None:
    assert views.out_of_date() == []
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    assert views.out_of_date() == []


def test_a_view_made_by_other_rules_is_out_of_date_until_it_is_rebuilt(
    log: Log, store: Store
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, store, {**VIEWS, "airplanes": NEW_RULES}) as views:
        assert views.out_of_date() == [NEW_RULES]
        assert whole_tables(rebuilt(views)) == from_the_log(views)
        assert views.out_of_date() == []
    with open_views(log, store) as views:
        assert views.out_of_date() == [AIRPLANES]


def test_a_view_with_other_columns_is_out_of_date_until_it_is_rebuilt(
    log: Log, store: Store
) -> None:
    with open_views(log, store, {**VIEWS, "airplanes": NEW_COLUMNS}) as views:
        assert views.out_of_date() == []
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, store) as views:
        assert views.out_of_date() == [AIRPLANES]
        assert whole_tables(rebuilt(views)) == from_the_log(views)


def test_a_view_that_is_out_of_date_is_left_alone_while_the_others_catch_up(
    log: Log, store: Store
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[:10])
        before = whole_tables(views)["airplanes"]
    record(log, *FIVE_SEATS_SIX_CUSTOMERS[10:])
    with open_views(log, store, {**VIEWS, "airplanes": NEW_RULES}) as views:
        assert views.catch_up() == len(FIVE_SEATS_SIX_CUSTOMERS) - 10
        assert {one.view: one.position for one in views.checkpoints()} == {
            **dict.fromkeys(VIEWS, len(FIVE_SEATS_SIX_CUSTOMERS)),
            "airplanes": 10,
        }
        assert whole_tables(views) == {**from_the_log(views), "airplanes": before}


@pytest.mark.parametrize("events", [2, 30], ids=["shorter", "longer"])
def test_views_of_another_log_are_out_of_date_until_they_are_rebuilt(
    log: Log, store: Store, fresh: Fresh, events: int
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with (
        fresh.store() as elsewhere,
        open_log(elsewhere) as other,
        open_views(other, store) as views,
    ):
        for number in range(1, events + 1):
            record(other, *of_airplane(number, AirplaneCreated(7)))
        assert views.out_of_date() == ALL
        assert whole_tables(rebuilt(views)) == from_the_log(views)
        assert views.out_of_date() == []


def test_views_that_saw_more_than_is_in_the_log_are_out_of_date_until_they_are_rebuilt(
    store: Store, fresh: Fresh
) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS[:5])
    with fresh.copy(store) as backup:
        with open_log(store) as log, open_views(log, store) as views:
            given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[5:])
        with open_log(backup) as log, open_views(log, store) as views:
            assert views.out_of_date() == ALL
            assert whole_tables(rebuilt(views)) == from_the_log(views)
            assert (views.out_of_date(), views.position()) == ([], 5)
