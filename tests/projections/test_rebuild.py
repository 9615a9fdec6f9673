"""Tests of rebuilding: a shadow table is filled and replaces the view in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from threading import Event as Flag

import pytest
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Fenced, RecordedEvent, Transaction
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.models.airplanes import airplanes
from airbook.projections.models.reservations import reservations
from airbook.projections.models.totals import TotalsRow, totals
from airbook.projections.rebuild import rebuild, rebuild_without_lock
from airbook.projections.store import READ_MODELS, Views
from tests.support.stores import every_view_in
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, of_airplane, record
from tests.support.views import (
    ALL_READ_MODELS,
    FIVE_APPROVED_ONE_REJECTED,
    InterruptedLog,
    catch_up,
    expected_tables,
    given_story,
    open_views,
    positions,
    rebuild_all,
    whole_tables,
)

REQUESTED = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
MORE_AIRPLANES = (*of_airplane(2, AirplaneCreated(9)), *of_airplane(3, AirplaneCreated(8)))
MANY = 2_500  # more events than two batches of a rebuild


@pytest.fixture
def live(views: Views) -> Views:
    """Open the views of a log with many requests; they have caught up."""
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    views.log.append(Transaction(at=NINE, appends=[REQUESTED] * MANY))
    catch_up(views)
    return views


def test_rebuilt_tables_have_the_rows_of_the_live_tables(views: Views, store: Store) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    before = every_view_in(store)
    assert rebuild_all(views) == [len(FIVE_SEATS_SIX_CUSTOMERS)]
    after = every_view_in(store)
    assert {name: sorted(rows) for name, rows in after.items()} == {
        name: sorted(rows) for name, rows in before.items()
    }


def test_one_view_can_be_rebuilt_many_times(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    for _ in range(3):
        list(rebuild(views, [READ_MODELS["totals"]]))
        given_story(views).then(totals, FIVE_APPROVED_ONE_REJECTED)
    assert whole_tables(views) == expected_tables(views)


def test_rebuilt_views_of_an_empty_log_are_empty(views: Views) -> None:
    assert rebuild_all(views) == []
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    assert whole_tables(views) == expected_tables(views)


def test_readers_see_all_rows_during_a_rebuild(live: Views, store: Store) -> None:
    seen = list[tuple[int, int, TotalsRow]]()
    was_read, is_over = Flag(), Flag()

    def read_repeatedly() -> None:
        with open_views(live.log, store) as views:
            while not is_over.is_set():
                with views.reading() as connection:
                    counts = len(reservations(connection)), len(airplanes(connection))
                    seen.append((*counts, totals(connection)))
                was_read.set()

    with ThreadPoolExecutor(1) as thread:
        reader = thread.submit(read_repeatedly)
        try:
            assert was_read.wait(60)
            for _ in rebuild(live, ALL_READ_MODELS):
                was_read.clear()
                assert was_read.wait(60)
        finally:
            is_over.set()
    reader.result()
    assert set(seen) == {
        (MANY + 6, 1, structs.replace(FIVE_APPROVED_ONE_REJECTED, received=MANY, newest=MANY + 6))
    }


def test_a_read_transaction_keeps_seeing_the_old_rows(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with ThreadPoolExecutor(1) as thread:
        with views.reading() as connection:
            before = totals(connection)
            rebuilding = thread.submit(lambda: list(rebuild(views, [READ_MODELS["airplanes"]])))
            wait([rebuilding], timeout=0.5)
            assert (totals(connection), len(airplanes(connection))) == (before, 1)
        assert rebuilding.result(60) == [len(FIVE_SEATS_SIX_CUSTOMERS)]
    assert whole_tables(views) == expected_tables(views)


def test_an_interrupted_rebuild_changes_no_view(live: Views, store: Store) -> None:
    before = whole_tables(live)
    for after_batches in (1, 2):
        progress = rebuild(live, ALL_READ_MODELS)
        assert [next(progress) for _ in range(after_batches)] == [1_000, 2_000][:after_batches]
        del progress
        assert (live.out_of_date(), live.position()) == ([], live.log.head())
        assert whole_tables(live) == before
    assert rebuild_all(live) == [1_000, 2_000, live.log.head()]
    assert whole_tables(live) == before
    tables = {one.table.name for one in ALL_READ_MODELS}
    assert set(every_view_in(store)) == {*tables, "checkpoints"}
    assert {row[0] for row in every_view_in(store)["checkpoints"]} == tables


def test_a_rebuild_never_moves_a_view_back(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    progress = rebuild(views, ALL_READ_MODELS)
    next(progress)
    given_story(views, *MORE_AIRPLANES)
    list(progress)
    assert views.position() == views.log.head()
    assert whole_tables(views) == expected_tables(views)


def test_a_rebuild_can_move_a_view_forward(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    record(views.log, *MORE_AIRPLANES)
    list(rebuild(views, [READ_MODELS["airplanes"]]))
    assert positions(views)["airplanes"] == views.log.head()
    catch_up(views)
    assert whole_tables(views) == expected_tables(views)


def test_a_second_rebuild_at_the_same_time_raises_already_rebuilding(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first = rebuild(views, ALL_READ_MODELS)
    next(first)
    with pytest.raises(AlreadyRebuilding):
        next(rebuild(views, ALL_READ_MODELS))
    list(first)
    assert whole_tables(views) == expected_tables(views)


def test_a_rebuild_after_an_abandoned_one_starts_again(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    abandoned = rebuild(views, ALL_READ_MODELS)
    next(abandoned)
    abandoned.close()
    rebuild_all(views)
    assert whole_tables(views) == expected_tables(views)


def test_without_the_lock_the_slower_of_two_rebuilds_is_fenced(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first, second = (
        rebuild_without_lock(views, ALL_READ_MODELS),
        rebuild_without_lock(views, ALL_READ_MODELS),
    )
    next(first)
    next(second)
    list(first)
    with pytest.raises(Fenced):
        list(second)
    assert whole_tables(views) == expected_tables(views)


def interrupted_log(log: Log, meanwhile: Callable[[], object]) -> InterruptedLog:
    """Return a log that runs a function at its first query and at each query without events."""

    def interrupt(position: int, events: Sequence[RecordedEvent]) -> None:
        if not events or not position:
            meanwhile()

    return InterruptedLog(log, interrupt)


def test_without_the_lock_no_empty_shadow_table_replaces_a_view(
    log: Log, views: Views, store: Store
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first = rebuild_without_lock(views, ALL_READ_MODELS)
    next(first)
    interrupted = interrupted_log(log, partial(pytest.raises, Fenced, lambda: list(first)))
    with open_views(interrupted, store) as late:
        next(rebuild_without_lock(late, ALL_READ_MODELS))
    assert whole_tables(views) == expected_tables(views)


def test_events_applied_by_others_at_the_last_moment_are_kept(
    log: Log, views: Views, store: Store
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    more = iter(MORE_AIRPLANES)
    interrupted = interrupted_log(log, lambda: given_story(views, *islice(more, 1)))
    with open_views(interrupted, store) as late:
        rebuild_all(late)
    assert (views.position(), views.log.head()) == (20, 20)
    assert whole_tables(views) == expected_tables(views)
