"""Whatever happened, each view shows every moment as it was."""

from __future__ import annotations

import sqlalchemy as sql
from hypothesis import given, settings, strategies

from airbook.projections.store import VIEWS, View
from airbook.projections.temporal import true_at
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log
from tests.support.stories import Told, record
from tests.support.views import (
    Row,
    catch_up,
    from_the_log,
    open_views,
    remembered,
    whole_tables,
)


def rows_at(connection: sql.Connection, view: View, position: int | None) -> list[Row]:
    """Read what was true at a position, without saying since when and until when it was."""
    query = sql.select(view.table).where(true_at(view.table, position))
    found = connection.execute(query.order_by(view.table.columns[0]))
    return [tuple(row)[:-2] for row in found]


@settings(max_examples=15)
@given(story=STORIES, limit=strategies.integers(1, 20))
def test_each_view_shows_at_every_position_what_the_facts_until_then_add_up_to(
    fresh: Fresh, story: tuple[Told, ...], limit: int
) -> None:
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        head = record(log, *story)
        catch_up(views, limit)
        events = log.after(0)
        with views.reading() as connection:
            for view in VIEWS.values():
                for position in range(head + 1):
                    held = remembered(view, events[:position])
                    then = [row[:-2] for row in held if row[-1] is None]
                    assert rows_at(connection, view, position) == then
                assert rows_at(connection, view, None) == rows_at(connection, view, head)
        assert whole_tables(views) == from_the_log(views)
