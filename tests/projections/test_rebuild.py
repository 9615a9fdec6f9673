"""A view is made anew beside the one in use, and takes its place at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from threading import Event as Flag

import pytest
from msgspec import structs

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.log import BATCH, Log
from airbook.eventlog.records import Append, Fenced, RecordedEvent, Transaction
from airbook.projections.database import AlreadyRebuilding
from airbook.projections.models.airplanes import airplanes
from airbook.projections.models.reservations import reservations
from airbook.projections.models.totals import TotalsRow, totals
from airbook.projections.rebuild import rebuild, rebuild_beside
from airbook.projections.store import VIEWS, Views
from tests.support.stores import every_view_in
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, Told, of_airplane, record
from tests.support.views import catch_up, from_the_log, given_story, open_views, whole_tables

ALL = list(VIEWS.values())
REQUESTED = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
MORE: tuple[Told, ...] = (*of_airplane(2, AirplaneCreated(9)), *of_airplane(3, AirplaneCreated(8)))
DECIDED = TotalsRow(airplanes=1, approved=5, rejected=1, no_seats_left=1, newest=6)
MANY = 2_500  # more than two batches of a rebuild


@pytest.fixture
def live(views: Views) -> Views:
    """Open views, which have caught up, of a log with many requests in it."""
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    views.log.append(Transaction(at=NINE, appends=[REQUESTED] * MANY))
    catch_up(views)
    return views


def test_rebuilt_equals_live_row_by_row_in_every_table(views: Views, store: Store) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    before = every_view_in(store)
    assert list(rebuild(views, ALL)) == [len(FIVE_SEATS_SIX_CUSTOMERS)]
    after = every_view_in(store)
    assert {name: sorted(rows) for name, rows in after.items()} == {
        name: sorted(rows) for name, rows in before.items()
    }


def test_one_view_is_rebuilt_again_and_again(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    for _ in range(3):
        list(rebuild(views, [VIEWS["totals"]]))
        given_story(views).then(totals, DECIDED)
    assert whole_tables(views) == from_the_log(views)


def test_the_views_of_an_empty_log_are_rebuilt_empty(views: Views) -> None:
    assert list(rebuild(views, ALL)) == []
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    assert whole_tables(views) == from_the_log(views)


def test_who_reads_meanwhile_sees_everything_all_the_time(live: Views, store: Store) -> None:
    seen = list[tuple[int, int, TotalsRow]]()
    one_look, over = Flag(), Flag()

    def look_on() -> None:
        with open_views(live.log, store) as views:
            while not over.is_set():
                with views.reading() as connection:
                    all_there = len(reservations(connection)), len(airplanes(connection))
                    seen.append((*all_there, totals(connection)))
                one_look.set()

    with ThreadPoolExecutor(1) as thread:
        reader = thread.submit(look_on)
        try:
            assert one_look.wait(60)
            for _ in rebuild(live, ALL):
                one_look.clear()
                assert one_look.wait(60)
        finally:
            over.set()
    reader.result()
    assert set(seen) == {(MANY + 6, 1, structs.replace(DECIDED, received=MANY, newest=MANY + 6))}


def test_who_has_begun_to_read_goes_on_seeing_what_was_there(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with ThreadPoolExecutor(1) as thread:
        with views.reading() as connection:
            before = totals(connection)
            rebuilding = thread.submit(lambda: list(rebuild(views, [VIEWS["airplanes"]])))
            wait([rebuilding], timeout=0.5)
            assert (totals(connection), len(airplanes(connection))) == (before, 1)
        assert rebuilding.result(60) == [len(FIVE_SEATS_SIX_CUSTOMERS)]
    assert whole_tables(views) == from_the_log(views)


def test_one_that_is_interrupted_leaves_the_view_in_use_untouched(
    live: Views, store: Store
) -> None:
    before = whole_tables(live)
    for after_batches in (1, 2):
        progress = rebuild(live, ALL)
        assert [next(progress) for _ in range(after_batches)] == [1_000, 2_000][:after_batches]
        del progress
        assert (live.out_of_date(), live.position()) == ([], live.log.head())
        assert whole_tables(live) == before
    assert list(rebuild(live, ALL)) == [1_000, 2_000, live.log.head()]
    assert whole_tables(live) == before
    assert set(every_view_in(store)) == {*VIEWS, "checkpoints"}
    assert {row[0] for row in every_view_in(store)["checkpoints"]} == set(VIEWS)


def test_a_view_never_goes_back_while_it_is_rebuilt(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    progress = rebuild(views, ALL)
    next(progress)
    given_story(views, *MORE)
    list(progress)
    assert views.position() == views.log.head()
    assert whole_tables(views) == from_the_log(views)


def test_a_view_may_come_further_by_being_rebuilt(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    record(views.log, *MORE)
    list(rebuild(views, [VIEWS["airplanes"]]))
    assert [one.position for one in views.checkpoints() if one.view == "airplanes"] == [
        views.log.head()
    ]
    catch_up(views)
    assert whole_tables(views) == from_the_log(views)


def test_of_two_who_rebuild_at_once_the_second_is_told_so(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first = rebuild(views, ALL)
    next(first)
    with pytest.raises(AlreadyRebuilding):
        next(rebuild(views, ALL))
    list(first)
    assert whole_tables(views) == from_the_log(views)


def test_who_rebuilds_after_another_gave_up_begins_anew(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    given_up = rebuild(views, ALL)
    next(given_up)
    given_up.close()
    list(rebuild(views, ALL))
    assert whole_tables(views) == from_the_log(views)


def test_without_the_lock_the_second_of_two_is_fenced(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first, second = rebuild_beside(views, ALL), rebuild_beside(views, ALL)
    next(first)
    next(second)
    list(first)
    with pytest.raises(Fenced):
        list(second)
    assert whole_tables(views) == from_the_log(views)


class Interrupted(Log):
    """A log whose reader is interrupted: something else happens before it looks."""

    meanwhile: Callable[[], object]

    def after(self, position: int, limit: int = BATCH) -> list[RecordedEvent]:
        events = super().after(position, limit)
        if not events or not position:
            self.meanwhile()
        return events


def test_without_the_lock_no_empty_view_takes_the_place_of_one_in_use(
    log: Log, views: Views, store: Store
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first = rebuild_beside(views, ALL)
    next(first)
    interrupted = Interrupted(log._recorder)
    interrupted.meanwhile = partial(pytest.raises, Fenced, lambda: list(first))
    with open_views(interrupted, store) as late:
        next(rebuild_beside(late, ALL))
    assert whole_tables(views) == from_the_log(views)


def test_what_others_projected_at_the_last_moment_is_not_taken_back(
    log: Log, views: Views, store: Store
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    interrupted = Interrupted(log._recorder)
    more = iter([*of_airplane(2, AirplaneCreated(9)), *of_airplane(3, AirplaneCreated(8))])
    interrupted.meanwhile = lambda: given_story(views, *islice(more, 1))
    with open_views(interrupted, store) as late:
        list(rebuild(late, ALL))
    assert (views.position(), views.log.head()) == (20, 20)
    assert whole_tables(views) == from_the_log(views)
