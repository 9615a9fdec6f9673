"""Tests of catching up: rows and checkpoints move together, also with several projectors."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.records import Fenced, RecordedEvent
from airbook.projections.models.airplanes import READ_MODEL as AIRPLANES
from airbook.projections.models.airplanes import AirplaneRow, apply
from airbook.projections.store import READ_MODELS, Views
from tests.support.processes import at_once
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record
from tests.support.views import (
    InterruptedLog,
    Row,
    catch_up,
    catch_up_store,
    expected_tables,
    open_views,
    positions,
    whole_tables,
)

HEAD = len(FIVE_SEATS_SIX_CUSTOMERS)
EMPTY_TABLES: dict[str, list[Row]] = {name: [] for name in READ_MODELS}


def test_new_views_are_empty_and_at_position_0(views: Views) -> None:
    assert (views.position(), views.catch_up(), whole_tables(views)) == (0, 0, EMPTY_TABLES)


def test_at_most_limit_events_are_applied(views: Views) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    steps = [(views.catch_up(7), views.position()) for _ in range(4)]
    assert steps == [(7, 7), (7, 14), (4, HEAD), (0, HEAD)]
    assert positions(views) == dict.fromkeys(READ_MODELS, HEAD)
    assert whole_tables(views) == expected_tables(views)


def test_views_continue_at_their_checkpoints(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    for _ in range(4):
        with open_views(log, store) as views:
            views.catch_up(5)
    with open_views(log, store) as views:
        assert (views.position(), whole_tables(views)) == (HEAD, expected_tables(views))


def test_the_slower_of_two_projectors_is_fenced_and_the_rows_are_right(
    log: Log, views: Views, store: Store
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    slow = InterruptedLog(log, lambda _position, _events: views.catch_up(5))
    with open_views(slow, store) as second:
        with pytest.raises(Fenced):
            second.catch_up(5)
        assert (views.position(), second.position()) == (5, 5)
        catch_up(second, 5)
        assert whole_tables(second) == expected_tables(views)


def test_events_before_the_checkpoint_are_fenced(views: Views) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    events = views.log.after(0)
    catch_up(views)
    for after in (0, 5):
        with views.writing() as connection, pytest.raises(Fenced):
            views.advance(connection, AIRPLANES, AIRPLANES.table, after, events, digest="")
    assert whole_tables(views) == expected_tables(views)


@pytest.mark.process
def test_four_processes_create_the_views_at_once_and_the_rows_are_right(
    log: Log, store: Store
) -> None:
    head = record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    answers = at_once(*(partial(catch_up_store, store) for _ in range(4)))
    assert answers == [head] * 4
    with open_views(log, store) as views:
        assert whole_tables(views) == expected_tables(views)


def apply_but_fail_at_12(row: AirplaneRow | None, recorded: RecordedEvent) -> AirplaneRow:
    """Apply an event; raise ZeroDivisionError for the event at position 12."""
    if recorded.position == 12:
        message = "a fault of this read model"
        raise ZeroDivisionError(message)
    return apply(row, recorded)


def test_if_one_read_model_fails_no_view_is_changed(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    faulty = structs.replace(AIRPLANES, apply=apply_but_fail_at_12)
    with open_views(log, store, {**READ_MODELS, "airplanes": faulty}) as views:
        views.catch_up(10)
        before = whole_tables(views)
        with pytest.raises(ZeroDivisionError):
            views.catch_up(10)
        assert (views.position(), whole_tables(views)) == (10, before)
    with open_views(log, store) as views:
        catch_up(views)
        assert whole_tables(views) == expected_tables(views)


def test_a_view_added_later_catches_up_with_the_others(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, store, {"airplanes": AIRPLANES}) as views:
        views.catch_up(10)
    with open_views(log, store) as views:
        assert views.position() == 0
        catch_up(views, 4)
        assert whole_tables(views) == expected_tables(views)
