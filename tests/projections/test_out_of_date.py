"""A view of something else says so, and is right after it was rebuilt."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sql
from msgspec import structs

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.log import Log
from airbook.domain.store import StoreError
from airbook.projections.airplanes import VIEW as AIRPLANES
from airbook.projections.rebuild import rebuild
from airbook.projections.views import VIEWS, Views
from tests.pages import catch_up, from_the_log, given_story, open_views, whole_tables
from tests.stores import open_log
from tests.words import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record

ALL = list(VIEWS.values())
NEW_RULES = structs.replace(AIRPLANES, rules=2)
NEW_COLUMNS = structs.replace(
    AIRPLANES,
    table=sql.Table(
        "airplanes",
        sql.MetaData(),
        *(sql.Column(name, sql.String) for name in ("id", "name", "rows")),
        sql.Column("since", sql.Integer),
        sql.Column("until", sql.Integer),
    ),
)


def rebuilt(views: Views) -> Views:
    """Rebuild what is out of date, then apply everything."""
    list(rebuild(views, views.out_of_date()))
    catch_up(views)
    return views


def test_views_of_this_log_are_not_out_of_date(views: Views) -> None:
    assert views.out_of_date() == []
    given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    assert views.out_of_date() == []


def test_a_view_made_by_other_rules_is_out_of_date_until_it_is_rebuilt(
    log: Log, pages: Path
) -> None:
    with open_views(log, pages) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, pages, {**VIEWS, "airplanes": NEW_RULES}) as views:
        assert views.out_of_date() == [NEW_RULES]
        assert whole_tables(rebuilt(views)) == from_the_log(views)
        assert views.out_of_date() == []
    with open_views(log, pages) as views:
        assert views.out_of_date() == [AIRPLANES]


def test_a_view_with_other_columns_is_out_of_date_until_it_is_rebuilt(
    log: Log, pages: Path
) -> None:
    with open_views(log, pages, {**VIEWS, "airplanes": NEW_COLUMNS}) as views:
        assert views.out_of_date() == []
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(log, pages) as views:
        assert views.out_of_date() == [AIRPLANES]
        assert whole_tables(rebuilt(views)) == from_the_log(views)


def test_a_view_that_is_out_of_date_is_left_alone_while_the_others_catch_up(
    log: Log, pages: Path
) -> None:
    with open_views(log, pages) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[:10])
        before = whole_tables(views)["airplanes"]
    record(log, *FIVE_SEATS_SIX_CUSTOMERS[10:])
    with open_views(log, pages, {**VIEWS, "airplanes": NEW_RULES}) as views:
        assert views.catch_up() == len(FIVE_SEATS_SIX_CUSTOMERS) - 10
        assert {one.view: one.position for one in views.checkpoints()} == {
            **dict.fromkeys(VIEWS, len(FIVE_SEATS_SIX_CUSTOMERS)),
            "airplanes": 10,
        }
        assert whole_tables(views) == {**from_the_log(views), "airplanes": before}


@pytest.mark.parametrize("facts", [2, 30], ids=["shorter", "longer"])
def test_views_of_another_log_are_out_of_date_until_they_are_rebuilt(
    log: Log, pages: Path, tmp_path: Path, facts: int
) -> None:
    with open_views(log, pages) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_log(tmp_path / "other.db") as other, open_views(other, pages) as views:
        for number in range(1, facts + 1):
            record(other, *of_airplane(number, AirplaneCreated(7)))
        assert views.out_of_date() == ALL
        assert whole_tables(rebuilt(views)) == from_the_log(views)
        assert views.out_of_date() == []


def test_views_that_saw_more_than_is_in_the_log_are_out_of_date_until_they_are_rebuilt(
    store: Path, pages: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS[:5])
    shutil.copy(store, backup)
    with open_log(store) as log, open_views(log, pages) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[5:])
    with open_log(backup) as log, open_views(log, pages) as views:
        assert views.out_of_date() == ALL
        assert whole_tables(rebuilt(views)) == from_the_log(views)
        assert (views.out_of_date(), views.position()) == ([], 5)


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
    log: Log, pages: Path, damage: Callable[[Path], None]
) -> None:
    with open_views(log, pages) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
    damage(pages)
    with pytest.raises(StoreError) as trouble, open_views(log, pages) as views:
        whole_tables(views)
    assert (trouble.value.code, trouble.value.values) == ("views_damaged", {"path": str(pages)})


def test_views_that_stay_locked_are_busy(
    views: Views, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    monkeypatch.setattr("airbook.projections.checkpoints.BUSY_SECONDS", 0.05)
    with open_views(views.log, pages) as second:
        with views.writing(), pytest.raises(StoreError) as trouble:
            second.catch_up()
        assert trouble.value.code == "store_busy"
        catch_up(second)
        assert whole_tables(second) == from_the_log(views)
