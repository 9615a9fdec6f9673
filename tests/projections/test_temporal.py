"""Tests of temporal rows: each view shows every log position as it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql
from hypothesis import given, settings, strategies

from airbook.projections.temporal import ReadModel, true_at
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log
from tests.support.stories import StoryEvent, record
from tests.support.views import (
    ALL_READ_MODELS,
    Row,
    catch_up,
    expected_tables,
    open_views,
    rows_at,
    whole_tables,
)


def stored_rows(
    connection: sql.Connection, read_model: ReadModel[Any], as_of: int | None
) -> list[Row]:
    """Return the rows that were true at a position, without `since` and `until`."""
    query = sql.select(read_model.table).where(true_at(read_model.table, as_of))
    found = connection.execute(query.order_by(read_model.table.columns[0]))
    return [tuple(row)[:-2] for row in found]


@settings(max_examples=15)
@given(story=STORIES, limit=strategies.integers(1, 20))
def test_each_view_shows_at_every_position_the_fold_of_the_events_until_then(
    fresh: Fresh, story: tuple[StoryEvent, ...], limit: int
) -> None:
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        head = record(log, *story)
        catch_up(views, limit)
        events = log.after(0)
        with views.reading() as connection:
            for model in ALL_READ_MODELS:
                for as_of in range(head + 1):
                    then = rows_at(model, events[:as_of])
                    assert stored_rows(connection, model, as_of) == then
                assert stored_rows(connection, model, None) == stored_rows(connection, model, head)
        assert whole_tables(views) == expected_tables(views)
