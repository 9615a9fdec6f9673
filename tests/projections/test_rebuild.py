"""A view is made anew beside the one in use, and takes its place at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.change import Append, Change, Event, Fenced
from airbook.domain.log import BATCH, Log
from airbook.domain.reservation import ReservationRequested
from airbook.projections.airplanes import airplanes
from airbook.projections.rebuild import AlreadyRebuilding, rebuild, rebuild_beside
from airbook.projections.reservations import reservations
from airbook.projections.totals import TotalsRow, totals
from airbook.projections.views import VIEWS, Views
from tests.pages import catch_up, from_the_log, given_story, open_views, whole_tables
from tests.stores import everything_in, followers, open_log
from tests.words import FIVE_SEATS_SIX_CUSTOMERS, NINE, Told, of_airplane, record

ALL = list(VIEWS.values())
REQUESTED = Append("reservation", None, 0, (ReservationRequested(1, "c1"),))
MORE: tuple[Told, ...] = (*of_airplane(2, AirplaneCreated(9)), *of_airplane(3, AirplaneCreated(8)))
MANY = 2_500  # more than two batches of a rebuild


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """Open a log with many requests in it."""
    with open_log(tmp_path_factory.mktemp("many") / "airbook.db") as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        log.commit(Change(at=NINE, appends=[REQUESTED] * MANY))
        yield log


@pytest.fixture
def live(many: Log, pages: Path) -> Iterator[Views]:
    """Open views of that log that have caught up."""
    pages.parent.mkdir()
    with open_views(many, pages) as views:
        catch_up(views)
        yield views


def test_rebuilt_equals_live_row_by_row_in_every_table(views: Views, pages: Path) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    before = everything_in(pages)
    assert list(rebuild(views, ALL)) == [len(FIVE_SEATS_SIX_CUSTOMERS)]
    after = everything_in(pages)
    assert {name: sorted(rows) for name, rows in after.items()} == {
        name: sorted(rows) for name, rows in before.items()
    }


def test_one_view_is_rebuilt_again_and_again(views: Views) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    for _ in range(3):
        list(rebuild(views, [VIEWS["totals"]]))
        given_story(views).then(totals, TotalsRow(airplanes=1, approved=5, rejected=1))
    assert whole_tables(views) == from_the_log(views)


def test_the_views_of_an_empty_log_are_rebuilt_empty(views: Views) -> None:
    assert list(rebuild(views, ALL)) == []
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    assert whole_tables(views) == from_the_log(views)


def test_who_reads_meanwhile_sees_everything_all_the_time(live: Views, pages: Path) -> None:
    seen = list[tuple[int, int, TotalsRow]]()
    one_look, over = Flag(), Flag()

    def look_on() -> None:
        with open_views(live.log, pages) as views:
            while not over.is_set():
                with views.reading() as connection:
                    all_there = len(reservations(connection)), len(airplanes(connection))
                    seen.append((*all_there, totals(connection)))
                one_look.set()

    reader = Thread(target=look_on)
    reader.start()
    assert one_look.wait(60)
    for _ in rebuild(live, ALL):
        one_look.clear()
        assert one_look.wait(60)
    over.set()
    reader.join()
    assert set(seen) == {
        (MANY + 6, 1, TotalsRow(airplanes=1, received=MANY, approved=5, rejected=1))
    }


def test_one_that_is_interrupted_leaves_the_view_in_use_untouched(live: Views, pages: Path) -> None:
    before = whole_tables(live)
    for after_batches in (1, 2):
        progress = rebuild(live, ALL)
        assert [next(progress) for _ in range(after_batches)] == [1_000, 2_000][:after_batches]
        del progress
        assert (live.out_of_date(), live.position()) == ([], live.log.head())
        assert whole_tables(live) == before
    assert list(rebuild(live, ALL)) == [1_000, 2_000, live.log.head()]
    assert whole_tables(live) == before
    assert set(everything_in(pages)) == {*VIEWS, "checkpoints"}
    assert {row[0] for row in everything_in(pages)["checkpoints"]} == set(VIEWS)


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

    def after(self, position: int, limit: int = BATCH) -> list[Event]:
        events = super().after(position, limit)
        if not events or not position:
            self.meanwhile()
        return events


def test_without_the_lock_no_empty_view_takes_the_place_of_one_in_use(
    log: Log, views: Views, store: Path, pages: Path
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    first = rebuild_beside(views, ALL)
    next(first)
    interrupted = Interrupted(log.recorder, followers(store))
    interrupted.meanwhile = partial(pytest.raises, Fenced, lambda: list(first))
    with open_views(interrupted, pages) as late:
        next(rebuild_beside(late, ALL))
    assert whole_tables(views) == from_the_log(views)


def test_what_others_projected_at_the_last_moment_is_not_taken_back(
    log: Log, views: Views, store: Path, pages: Path
) -> None:
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    interrupted = Interrupted(log.recorder, followers(store))
    more = iter([*of_airplane(2, AirplaneCreated(9)), *of_airplane(3, AirplaneCreated(8))])
    interrupted.meanwhile = lambda: given_story(views, *islice(more, 1))
    with open_views(interrupted, pages) as late:
        list(rebuild(late, ALL))
    assert (views.position(), views.log.head()) == (20, 20)
    assert whole_tables(views) == from_the_log(views)
