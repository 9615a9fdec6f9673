"""The projector while other processes project, rebuild, read for long or lock the views."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import pytest
import sqlalchemy as sql

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.daemon import projector as projector_module
from airbook.daemon.projector import SCHEMA_CHECK_SECONDS, Projector
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.projections.checkpoints import CHECKPOINTS
from airbook.projections.models.airplanes import READ_MODEL as AIRPLANES
from airbook.projections.rebuild import rebuild
from airbook.projections.store import Views
from tests.daemon.blocking import long_transaction
from tests.daemon.clock import Clock
from tests.support.views import (
    InterruptedLog,
    catch_up,
    expected_tables,
    make_out_of_date,
    open_views,
    whole_tables,
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the projector."""
    clock = Clock()
    monkeypatch.setattr(projector_module, "time", clock)
    return clock


@pytest.fixture
def airbook(store: Store, monkeypatch: pytest.MonkeyPatch) -> Generator[Airbook]:
    """Open a store with one airplane; in a file, nothing waits long for a lock of the views."""
    monkeypatch.setattr("airbook.projections.sqlite.BUSY_SECONDS", 0.05)
    with Airbook(store) as opened:
        opened.execute(CreateAirplane(5))
        yield opened


@pytest.fixture
def other(airbook: Airbook, store: Store) -> Generator[Views]:
    """Open the same views a second time, as another process does."""
    with open_views(airbook.log, store) as views:
        yield views


@pytest.fixture
def outdated(airbook: Airbook, store: Store, clock: Clock) -> Projector:
    """Fill the views, of which one is out of date; returns a projector."""
    with open_views(airbook.log, store) as views:
        catch_up(views)
        make_out_of_date(views, AIRPLANES)
    return Projector(airbook)


def step(projector: Projector) -> bool:
    """Let a projector take a step, and a step of a rebuild, as the daemon does."""
    return projector.step() | projector.rebuild()


def steps(projector: Projector) -> list[bool]:
    """Let a projector take steps until it is idle; returns the result of each step."""
    taken = [step(projector)]
    while taken[-1]:
        assert len(taken) < 20, "the projector is never idle"
        taken.append(step(projector))
    return taken


def is_right(projector: Projector) -> bool:
    """Return whether no view is out of date, and all have the rows that the log says."""
    views = projector.views
    return views.out_of_date() == [] and whole_tables(views) == expected_tables(views)


def test_a_fenced_projector_continues_with_the_next_events(airbook: Airbook, other: Views) -> None:
    airbook.log = InterruptedLog(airbook.log, lambda _position, _events: catch_up(other))
    projector = Projector(airbook)
    assert (steps(projector), is_right(projector)) == ([True, False], True)


def test_a_rebuild_of_another_process_is_awaited(
    outdated: Projector, other: Views, clock: Clock
) -> None:
    with closing(rebuild(other, other.out_of_date())) as elsewhere:
        next(elsewhere)
        assert steps(outdated) == [True, False]
        list(elsewhere)
    clock.seconds += SCHEMA_CHECK_SECONDS
    assert (steps(outdated), is_right(outdated)) == ([False], True)


def test_a_rebuild_that_another_process_abandons_is_begun_at_the_next_check(
    outdated: Projector, other: Views, clock: Clock
) -> None:
    with closing(rebuild(other, other.out_of_date())) as elsewhere:
        next(elsewhere)
        assert steps(outdated) == [True, False]
    assert (steps(outdated), other.out_of_date()) == ([False], [AIRPLANES])
    clock.seconds += SCHEMA_CHECK_SECONDS
    assert (steps(outdated), is_right(outdated)) == ([True, True, False], True)


def test_a_rebuild_that_a_long_transaction_blocks_is_begun_again(
    outdated: Projector, other: Views
) -> None:
    with long_transaction(other):
        with pytest.raises(StoreError) as error:
            steps(outdated)
        assert (error.value.code, outdated.is_rebuilt) == ("store_busy", False)
        assert not outdated.step()
    assert other.out_of_date() == [AIRPLANES]
    assert (steps(outdated), is_right(outdated)) == ([True, True, False], True)
    assert outdated.is_rebuilt


def test_busy_views_are_not_discarded_and_put_off_no_rebuild(
    outdated: Projector, other: Views
) -> None:
    outdated.airbook.execute(CreateAirplane(6))
    with long_transaction(other, blocks_readers=True), pytest.raises(StoreError) as error:
        outdated.step()
    assert error.value.code == "store_busy"
    assert not other.database.is_gone()
    assert (steps(outdated), is_right(outdated)) == ([True, True, False], True)


def test_a_rebuild_is_not_begun_again_while_it_goes_on(
    outdated: Projector, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airbook.projections.rebuild.BATCH", 1)
    for seats in (6, 7):
        outdated.airbook.execute(CreateAirplane(seats))
    for number in range(4):
        assert step(outdated), number
        clock.seconds += SCHEMA_CHECK_SECONDS
    assert (steps(outdated), is_right(outdated)) == ([False], True)


def test_views_that_are_damaged_during_a_step_are_replaced(airbook: Airbook, other: Views) -> None:
    projector = Projector(airbook)
    assert steps(projector) == [True, False]
    damaged = projector.views
    assert projector.views is damaged
    with other.writing() as connection:
        connection.execute(sql.delete(CHECKPOINTS))
    assert not projector.step()
    assert (steps(projector), is_right(projector)) == ([True, False], True)
    assert projector.views is not damaged


def test_a_store_that_cannot_open_the_views_fails_a_step_and_not_the_next(
    airbook: Airbook, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector = Projector(airbook)
    with monkeypatch.context() as patched:

        def fails_once(_: Store, __: Log) -> Views:
            patched.undo()
            raise StoreError("store_unreachable", store.url)

        patched.setattr(type(store), "open_views", fails_once)
        with pytest.raises(StoreError) as error:
            projector.step()
    assert error.value.code == "store_unreachable"
    assert (steps(projector), is_right(projector)) == ([True, False], True)
