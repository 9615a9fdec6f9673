"""Tests of the history: every event of one reservation, in any stream."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings, strategies

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatAssigned, SeatReleased
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRequested,
)
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent
from airbook.projections.models.history import history
from airbook.projections.store import Views
from tests.projections.plans import plans
from tests.support.fresh_stores import Fresh
from tests.support.random_stories import STORIES
from tests.support.stores import open_log, store_as_is
from tests.support.stories import StoryEvent, of_airplane, of_reservation, record
from tests.support.views import catch_up, given_story, open_views, rebuild_all, whole_tables

STORY = (
    *of_airplane(1, AirplaneCreated(5)),
    *of_reservation(1, ReservationRequested(1, "제주")),
    *of_reservation(2, ReservationRequested(1, "c2")),
    *of_airplane(1, SeatAssigned(1, seat=1), SeatAssigned(2, seat=2)),
    *of_reservation(1, ReservationApproved(1, seat=1), ReservationCancelled(1, seat=1)),
    *of_airplane(1, SeatReleased(1, seat=1)),
)
OF_THE_FIRST = (2, 4, 6, 7, 8)


def at_positions(log: Log, *positions: int) -> list[RecordedEvent]:
    events = log.after(0)
    return [events[position - 1] for position in positions]


def names(recorded: RecordedEvent, reservation: int) -> bool:
    """Return whether an event is about a reservation, without the view."""
    if recorded.stream.kind == "reservation":
        return recorded.stream.number == reservation
    return getattr(recorded.event, "reservation", None) == reservation


def test_a_history_contains_the_events_of_the_airplane_about_the_reservation(
    views: Views,
) -> None:
    shown = given_story(views, *STORY)
    shown.then(history, at_positions(views.log, *OF_THE_FIRST), views.log, 1)
    shown.then(history, at_positions(views.log, 3, 5), views.log, 2)


def test_a_history_ends_at_as_of(views: Views) -> None:
    shown = given_story(views, *STORY)
    for as_of in range(len(STORY) + 2):
        until = [position for position in OF_THE_FIRST if position <= as_of]
        shown.then(history, at_positions(views.log, *until), views.log, 1, as_of=as_of)


def test_a_reservation_that_was_never_requested_has_no_history(views: Views) -> None:
    given_story(views, *STORY).then(history, [], views.log, 3)


def test_the_view_has_a_row_only_for_an_event_outside_the_stream_of_its_reservation(
    views: Views,
) -> None:
    given_story(views, *STORY)
    for _ in ("live", "rebuilt"):
        assert whole_tables(views)["history"] == [(4, 1), (5, 2), (8, 1)]
        rebuild_all(views)


def test_a_history_ends_where_its_transaction_began(views: Views) -> None:
    given_story(views, *STORY[:3])
    with views.reading() as connection:
        before = history(connection, views.log, 1)
        record(views.log, *STORY[3:])
        assert history(connection, views.log, 1) == before == at_positions(views.log, 2)
        assert history(connection, views.log, 1, as_of=8) == before


def test_a_history_may_contain_many_events_of_the_airplane(views: Views, store: Store) -> None:
    given_story(views, *STORY)
    for version in range(5, 25):
        store_as_is(
            *(store, "airplane-1", version, "SeatReleased.v1"),
            b'{"at":"2026-11-22T09:00:00.000Z","data":{"reservation":1,"seat":1}}',
        )
    catch_up(views).then(
        history, at_positions(views.log, *OF_THE_FIRST, *range(9, 29)), views.log, 1
    )


@settings(max_examples=6)
@given(story=STORIES, limit=strategies.integers(1, 20))
def test_each_history_is_at_every_position_what_the_whole_log_says(
    fresh: Fresh, story: tuple[StoryEvent, ...], limit: int
) -> None:
    with fresh.store() as store, open_log(store) as log, open_views(log, store) as views:
        head = record(log, *story)
        catch_up(views, limit)
        events = log.after(0)
        numbers = {event.stream.number for event in events}
        with views.reading() as connection:
            for number in numbers:
                for as_of in range(head + 1):
                    expected = [one for one in events[:as_of] if names(one, number)]
                    assert history(connection, log, number, as_of=as_of) == expected


def test_a_history_is_found_by_indexes(views: Views) -> None:
    given_story(views, *STORY)
    with views.reading() as connection:
        (_, found) = plans(views, partial(history, connection, views.log, 1))
    assert found.startswith("SEARCH history USING ")
