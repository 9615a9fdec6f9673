"""Tests of views that are out of date: they are recognized, and right after a rebuild."""

from __future__ import annotations

import pytest
import sqlalchemy as sql
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.projections.checkpoints import CHECKPOINTS
from airbook.projections.models.airplanes import READ_MODEL as AIRPLANES
from airbook.projections.rebuild import rebuild
from airbook.projections.store import READ_MODELS, Views
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record
from tests.support.views import (
    ALL_READ_MODELS,
    catch_up,
    expected_tables,
    given_story,
    open_views,
    positions,
    whole_tables,
)

NEW_REVISION = structs.replace(AIRPLANES, revision=3)
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
    """Rebuild the views that are out of date, then apply all events of the log."""
    list(rebuild(views, views.out_of_date()))
    catch_up(views)
    return views


def test_views_of_this_log_are_not_out_of_date(views: Views) -> None:
    assert views.out_of_date() == []
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    assert views.out_of_date() == []


def test_the_schemas_are_those_of_the_stored_views() -> None:
    # Another schema rebuilds the views of every store, so it changes on purpose only.
    assert {model.name: model.schema for model in ALL_READ_MODELS} == {
        "airplanes": "2:id,name,seats,taken,pending,status,since,until:airplanes_named,"
        "airplanes_now",
        "reservations": "2:id,airplane,customer,status,seat,reason,received_at,decided_at,"
        "since,until:reservations_airplane_now,reservations_customer_now,"
        "reservations_decided_at_now,reservations_now,reservations_status_now,"
        "reservations_status_then",
        "history": "1:position,reservation:",
        "totals": "2:id,airplanes,received,approved,rejected,cancelled,no_seats_left,"
        "no_such_airplane,airplane_closed,newest,since,until:totals_now",
    }


def test_a_view_of_another_revision_is_out_of_date_until_it_is_rebuilt(
    log: Log, store: Store
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, store, {**READ_MODELS, "airplanes": NEW_REVISION}) as views:
        assert views.out_of_date() == [NEW_REVISION]
        assert whole_tables(rebuilt(views)) == expected_tables(views)
        assert views.out_of_date() == []
    with open_views(log, store) as views:
        assert views.out_of_date() == [AIRPLANES]


def test_a_view_with_other_columns_is_out_of_date_until_it_is_rebuilt(
    log: Log, store: Store
) -> None:
    with open_views(log, store, {**READ_MODELS, "airplanes": NEW_COLUMNS}) as views:
        assert views.out_of_date() == []
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, store) as views:
        assert views.out_of_date() == [AIRPLANES]
        assert whole_tables(rebuilt(views)) == expected_tables(views)


def test_a_view_that_is_out_of_date_does_not_change_while_the_others_catch_up(
    log: Log, store: Store
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[:10])
        before = whole_tables(views)["airplanes"]
    record(log, *FIVE_SEATS_SIX_CUSTOMERS[10:])
    with open_views(log, store, {**READ_MODELS, "airplanes": NEW_REVISION}) as views:
        assert views.catch_up() == len(FIVE_SEATS_SIX_CUSTOMERS) - 10
        assert positions(views) == {
            **dict.fromkeys(READ_MODELS, len(FIVE_SEATS_SIX_CUSTOMERS)),
            "airplanes": 10,
        }
        assert whole_tables(views) == {**expected_tables(views), "airplanes": before}


@pytest.mark.parametrize("events", [2, 30], ids=["shorter", "longer"])
def test_views_of_another_log_are_out_of_date_until_they_are_rebuilt(
    log: Log, store: Store, fresh: Fresh, events: int
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with (
        fresh.store() as other_store,
        open_log(other_store) as other,
        open_views(other, store) as views,
    ):
        for number in range(1, events + 1):
            record(other, *of_airplane(number, AirplaneCreated(7)))
        assert views.out_of_date() == ALL_READ_MODELS
        assert whole_tables(rebuilt(views)) == expected_tables(views)
        assert views.out_of_date() == []


def test_views_ahead_of_a_restored_log_are_out_of_date_until_they_are_rebuilt(
    store: Store, fresh: Fresh
) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS[:5])
    with fresh.copy(store) as backup:
        with open_log(store) as log, open_views(log, store) as views:
            given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[5:])
        with open_log(backup) as log, open_views(log, store) as views:
            assert views.out_of_date() == ALL_READ_MODELS
            assert whole_tables(rebuilt(views)) == expected_tables(views)
            assert (views.out_of_date(), views.position()) == ([], 5)


def test_views_without_one_of_their_checkpoints_are_damaged(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with views.writing() as connection:
        connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == "totals"))
    for query in (views.position, views.out_of_date, views.catch_up):
        with pytest.raises(StoreError) as error:
            query()
        assert (error.value.code, error.value.values) == (
            "views_damaged",
            {"store": views.database.place},
        )
