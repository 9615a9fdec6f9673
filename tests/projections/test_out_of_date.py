"""Tests of views that are out of date: they are recognized, and right after a rebuild."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sql
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.projections.checkpoints import CHECKPOINTS
from airbook.projections.models import totals
from airbook.projections.models.airplanes import READ_MODEL as AIRPLANES
from airbook.projections.models.airplanes import UNNAMED
from airbook.projections.rebuild import rebuild
from airbook.projections.store import READ_MODELS, Views
from airbook.projections.temporal import ReadModel, named_by_schema
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record
from tests.support.views import (
    ALL_READ_MODELS,
    catch_up,
    expected_tables,
    given_story,
    make_out_of_date,
    open_views,
    positions,
    whole_tables,
)

WITHOUT_INDEXES = UNNAMED.to_metadata(sql.MetaData())
WITHOUT_INDEXES.indexes.clear()
OF_NEXT_VERSION = [
    structs.replace(AIRPLANES, table=named_by_schema(UNNAMED, revision=3)),
    structs.replace(AIRPLANES, table=named_by_schema(WITHOUT_INDEXES, revision=2)),
]


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


@pytest.mark.parametrize("next_version", OF_NEXT_VERSION, ids=["revision", "indexes"])
def test_two_versions_fill_tables_of_their_own(
    log: Log, store: Store, next_version: ReadModel[Any]
) -> None:
    with (
        open_views(log, store) as old,
        open_views(log, store, {**READ_MODELS, "airplanes": next_version}) as new,
    ):
        for story in (FIVE_SEATS_SIX_CUSTOMERS[:10], FIVE_SEATS_SIX_CUSTOMERS[10:]):
            given_story(old, *story)
            assert (new.position(), new.out_of_date()) == (new.log.head() - len(story), [])
            catch_up(new)
            assert old.out_of_date() == []
            assert whole_tables(old) == whole_tables(new) == expected_tables(old)
        list(rebuild(new, list(new.read_models.values())))
        assert whole_tables(old) == whole_tables(new) == expected_tables(old)


def test_a_view_that_is_out_of_date_does_not_change_while_the_others_catch_up(
    log: Log, store: Store
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[:10])
        before = whole_tables(views)["airplanes"]
        make_out_of_date(views, AIRPLANES)
        record(log, *FIVE_SEATS_SIX_CUSTOMERS[10:])
        assert (views.out_of_date(), views.of_another_log()) == ([AIRPLANES], [])
        assert views.catch_up() == len(FIVE_SEATS_SIX_CUSTOMERS) - 10
        assert positions(views) == {
            **dict.fromkeys(READ_MODELS, len(FIVE_SEATS_SIX_CUSTOMERS)),
            "airplanes": 10,
        }
        assert whole_tables(views) == {**expected_tables(views), "airplanes": before}
        assert whole_tables(rebuilt(views)) == expected_tables(views)
        assert views.out_of_date() == []


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
        connection.execute(sql.delete(CHECKPOINTS).where(CHECKPOINTS.c.view == totals.TABLE.name))
    for query in (views.position, views.out_of_date, views.catch_up):
        with pytest.raises(StoreError) as error:
            query()
        assert (error.value.code, error.value.values) == (
            "views_damaged",
            {"store": views.database.place},
        )
