"""Views in a file that is damaged, or that somebody keeps locked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.projections.store import Views
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record
from tests.support.views import catch_up, from_the_log, given_story, open_views, whole_tables


@pytest.fixture
def pages(path: Path) -> Path:
    """Name the file of the views."""
    return path.with_name("airbook.views.db")


def without_its_header(pages: Path) -> None:
    with pages.open("r+b") as file:
        file.write(b"\0" * 100)


def cut_off(pages: Path) -> None:
    with pages.open("r+b") as file:
        file.truncate(5_000)


def text(pages: Path) -> None:
    pages.write_text("Dear diary, today I flew to Jeju.\n" * 300)


@pytest.mark.parametrize("damage", [without_its_header, cut_off, text])
def test_damaged_views_say_that_they_are(
    log: Log, store: Store, pages: Path, damage: Callable[[Path], None]
) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    damage(pages)
    with pytest.raises(StoreError) as trouble, open_views(log, store) as views:
        whole_tables(views)
    assert (trouble.value.code, trouble.value.values) == ("views_damaged", {"store": str(pages)})


def test_views_that_stay_locked_are_busy(
    views: Views, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    monkeypatch.setattr("airbook.projections.database.BUSY_SECONDS", 0.05)
    with open_views(views.log, store) as second:
        with views.writing(), pytest.raises(StoreError) as trouble:
            second.catch_up()
        assert trouble.value.code == "store_busy"
        catch_up(second)
        assert whole_tables(second) == from_the_log(views)
