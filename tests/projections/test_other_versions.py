"""The tables of other versions are listed, and are removed when no program fills them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.projections.models.airplanes import READ_MODEL as AIRPLANES
from airbook.projections.models.airplanes import UNNAMED
from airbook.projections.other_versions import UNUSED_SECONDS, UnusedTables, tables_of_others
from airbook.projections.store import READ_MODELS, Views
from airbook.projections.temporal import named_by_schema
from tests.support.stores import every_view_in
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS
from tests.support.views import catch_up, expected_tables, given_story, open_views, whole_tables

OLD = structs.replace(AIRPLANES, table=named_by_schema(UNNAMED, revision=1))
BEFORE, AFTER = FIVE_SEATS_SIX_CUSTOMERS[:10], FIVE_SEATS_SIX_CUSTOMERS[10:]


@pytest.fixture
def old(log: Log, store: Store) -> Iterator[Views]:
    """Open the views of an older version, which have the beginning of the story."""
    with open_views(log, store, {**READ_MODELS, "airplanes": OLD}) as views:
        given_story(views, *BEFORE)
        yield views


def test_only_the_tables_that_this_version_does_not_have_are_those_of_others(
    old: Views, views: Views
) -> None:
    catch_up(views)
    assert [(one.view, one.position) for one in tables_of_others(views)] == [
        (OLD.table.name, len(BEFORE))
    ]
    assert [one.view for one in tables_of_others(old)] == [AIRPLANES.table.name]


def test_a_table_that_stands_still_while_the_log_grows_is_removed_and_made_anew(
    old: Views, log: Log, store: Store
) -> None:
    with open_views(log, store) as views:
        given_story(views, *AFTER)
        unused = UnusedTables()
        assert unused.remove(views, 7.0) == []
        assert unused.remove(views, 6.0 + UNUSED_SECONDS) == []
        assert unused.remove(views, 7.0 + UNUSED_SECONDS) == []  # it has just looked
        with views.database.rebuilding():
            assert unused.remove(views, 70.0 + UNUSED_SECONDS) == []
        assert unused.remove(views, 140.0 + UNUSED_SECONDS) == [OLD.table.name]
        assert tables_of_others(views) == []
        assert OLD.table.name not in every_view_in(store)
        assert whole_tables(views) == expected_tables(views)
    with open_views(log, store, {**READ_MODELS, "airplanes": OLD}) as again:
        catch_up(again)
        assert whole_tables(again) == expected_tables(again)


def test_a_table_that_moves_or_is_at_the_head_is_kept(old: Views, views: Views) -> None:
    catch_up(views)
    unused = UnusedTables()
    assert unused.remove(views, 0.0) == []
    assert unused.remove(views, 2 * UNUSED_SECONDS) == []  # at the head
    given_story(views, *AFTER)
    assert unused.remove(views, 3 * UNUSED_SECONDS) == []  # behind since now
    old.catch_up(2)
    assert unused.remove(views, 4 * UNUSED_SECONDS) == []  # it has moved
    catch_up(old)
    assert whole_tables(old) == expected_tables(old)
