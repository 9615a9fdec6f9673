"""Tests of temporal rows: each view shows every log position as it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql
from hypothesis import given, settings, strategies

from airbook.domain.airplane import AirplaneCreated, SeatAssigned, SeatReleased, SeatsChanged
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRequested,
)
from airbook.projections.store import Views
from airbook.projections.temporal import ReadModel, true_at
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log
from tests.support.stories import StoryEvent, at, of_airplane, of_reservation, record
from tests.support.views import (
    ALL_READ_MODELS,
    Row,
    catch_up,
    expected_tables,
    given_story,
    open_views,
    rows_at,
    whole_tables,
)


def stored_rows(
    connection: sql.Connection, read_model: ReadModel[Any], as_of: int | None
) -> list[Row]:
    """Return the rows that were true at a position, without `since` and `until`."""
    if read_model.append_only:
        query = sql.select(read_model.table).order_by(read_model.table.columns[0])
        rows = [tuple(row) for row in connection.execute(query)]
        return [row for row in rows if as_of is None or row[0] <= as_of]
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


def test_a_row_lasts_until_an_event_changes_it(views: Views) -> None:
    given_story(
        views,
        *of_airplane(1, AirplaneCreated(5), SeatsChanged(5)),
        *of_reservation(1, ReservationRequested(1, "c1")),
        *of_airplane(1, SeatAssigned(1, 1)),
        *of_reservation(1, ReservationApproved(1, 1), ReservationCancelled(1, 1)),
        *of_airplane(1, SeatReleased(1, 1)),
    )
    tables = whole_tables(views)
    assert tables["airplanes"] == [
        (1, None, 5, 0, 0, "open", 1, 3),
        (1, None, 5, 0, 1, "open", 3, 4),
        (1, None, 5, 1, 1, "open", 4, 5),
        (1, None, 5, 1, 0, "open", 5, 7),
        (1, None, 5, 0, 0, "open", 7, None),
    ]
    assert tables["reservations"] == [
        (1, 1, "c1", "received", None, None, at(3), None, 3, 5),
        (1, 1, "c1", "approved", 1, None, at(3), at(5), 5, 6),
        (1, 1, "c1", "cancelled", 1, None, at(3), at(5), 6, None),
    ]
