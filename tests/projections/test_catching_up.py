"""Rows and position move together, however many project at once."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.records import Fenced, RecordedEvent
from airbook.projections.models.airplanes import VIEW as AIRPLANES
from airbook.projections.models.airplanes import AirplaneRow, apply
from airbook.projections.store import VIEWS, Views
from tests.support.processes import at_once
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record
from tests.support.views import Row, catch_up, from_the_log, open_views, project, whole_tables

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)
NOTHING: dict[str, list[Row]] = {name: [] for name in VIEWS}


def test_views_begin_empty_at_the_beginning(views: Views) -> None:
    assert (views.position(), views.catch_up(), whole_tables(views)) == (0, 0, NOTHING)


def test_facts_are_taken_up_to_the_limit(views: Views) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    steps = [(views.catch_up(7), views.position()) for _ in range(4)]
    assert steps == [(7, 7), (7, 14), (4, HEAD), (0, HEAD)]
    assert {one.view: one.position for one in views.checkpoints()} == dict.fromkeys(VIEWS, HEAD)
    assert whole_tables(views) == from_the_log(views)


def test_views_go_on_where_they_were(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    for _ in range(4):
        with open_views(log, store) as views:
            views.catch_up(5)
    with open_views(log, store) as views:
        assert (views.position(), whole_tables(views)) == (HEAD, from_the_log(views))


class Overtaken(Log):
    """A log whose reader is slow: before it has the events, somebody else has projected them."""

    rival: Views

    def after(self, position: int, limit: int = BATCH) -> list[RecordedEvent]:
        events = super().after(position, limit)
        self.rival.catch_up(limit)
        return events


def test_of_two_projectors_one_is_fenced_and_the_rows_are_right(
    log: Log, views: Views, store: Store
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    slow = Overtaken(log._recorder)
    slow.rival = views
    with open_views(slow, store) as second:
        with pytest.raises(Fenced):
            second.catch_up(5)
        assert (views.position(), second.position()) == (5, 5)
        catch_up(second, 5)
        assert whole_tables(second) == from_the_log(views)


def test_facts_applied_at_a_position_already_passed_are_fenced(views: Views) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    events = views.log.after(0)
    catch_up(views)
    for stale in (0, 5):
        with views.writing() as connection, pytest.raises(Fenced):
            views.advance(connection, AIRPLANES, AIRPLANES.table, stale, events)
    assert whole_tables(views) == from_the_log(views)


def test_four_who_create_the_views_and_project_at_once_make_the_same_rows(
    log: Log, store: Store
) -> None:
    head = record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    answers = at_once(*(partial(project, store) for _ in range(4)))
    assert answers == [head] * 4
    with open_views(log, store) as views:
        assert whole_tables(views) == from_the_log(views)


def breaks_at_twelve(row: AirplaneRow | None, recorded: RecordedEvent) -> AirplaneRow:
    """Fold an event, but not the twelfth."""
    if recorded.position == 12:
        message = "this view has a mistake in it"
        raise ZeroDivisionError(message)
    return apply(row, recorded)


def test_when_one_view_fails_no_view_has_moved(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    mistaken = structs.replace(AIRPLANES, apply=breaks_at_twelve)
    with open_views(log, store, {**VIEWS, "airplanes": mistaken}) as views:
        views.catch_up(10)
        before = whole_tables(views)
        with pytest.raises(ZeroDivisionError):
            views.catch_up(10)
        assert (views.position(), whole_tables(views)) == (10, before)
    with open_views(log, store) as views:
        catch_up(views)
        assert whole_tables(views) == from_the_log(views)


def test_a_view_added_later_catches_up_with_those_that_are_there(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, store, {"airplanes": AIRPLANES}) as views:
        views.catch_up(10)
    with open_views(log, store) as views:
        assert views.position() == 0
        catch_up(views, 4)
        assert whole_tables(views) == from_the_log(views)
