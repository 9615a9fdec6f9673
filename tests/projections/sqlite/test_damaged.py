"""Tests of views in a file that is damaged or stays locked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.projections.store import Views
from tests.support.stores import by_hand
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record
from tests.support.views import (
    catch_up,
    expected_tables,
    given_story,
    open_views,
    rebuild_all,
    whole_tables,
)


@pytest.fixture
def views_file(store: SQLiteStore) -> Path:
    """Return the path of the file of the views."""
    return store.views_path


def without_its_header(views_file: Path) -> None:
    with views_file.open("r+b") as file:
        file.write(b"\0" * 100)


def cut_off(views_file: Path) -> None:
    with views_file.open("r+b") as file:
        file.truncate(5_000)


def text(views_file: Path) -> None:
    views_file.write_text("Dear diary, today I flew to Jeju.\n" * 300)


@pytest.mark.parametrize("damage", [without_its_header, cut_off, text])
def test_a_query_of_damaged_views_raises_an_error(
    log: Log, store: Store, views_file: Path, damage: Callable[[Path], None]
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    damage(views_file)
    with pytest.raises(StoreError) as error, open_views(log, store) as views:
        whole_tables(views)
    assert (error.value.code, error.value.values) == ("views_damaged", {"store": str(views_file)})


@pytest.mark.parametrize("damage", [without_its_header, cut_off, text])
def test_a_daemon_replaces_views_that_are_damaged_while_it_uses_them(
    store: Store, views_file: Path, damage: Callable[[Path], None]
) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        projector = Projector(airbook)
        while projector.step():
            pass
        with by_hand(views_file) as connection:  # a commit empties the caches of the projector
            connection.execute("CREATE TABLE of_another_program (id INTEGER)")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        damage(views_file)
        airbook.execute(CreateAirplane(6))
        assert not projector.step()
        while projector.step():
            pass
        views = projector.views
        assert (views.position(), whole_tables(views)) == (2, expected_tables(views))


def test_views_that_stay_locked_are_busy(
    views: Views, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    monkeypatch.setattr("airbook.projections.sqlite.BUSY_SECONDS", 0.05)
    with open_views(views.log, store) as second:
        with views.writing(), pytest.raises(StoreError) as error:
            second.catch_up()
        assert error.value.code == "store_busy"
        catch_up(second)
        assert whole_tables(second) == expected_tables(views)


def test_whole_views_are_not_damaged(log: Log, views: Views) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    for build in (catch_up, rebuild_all):
        build(views)
        assert not views.are_damaged()
