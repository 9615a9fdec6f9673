"""Views notice that an older backup of their log was restored, however long it has grown since."""

from __future__ import annotations

import pytest
import sqlalchemy as sql

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Transaction
from airbook.projections.checkpoints import CHECKPOINTS
from airbook.projections.rebuild import rebuild
from airbook.projections.store import READ_MODELS, Views
from tests.support.fresh_stores import Fresh
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record
from tests.support.views import (
    ALL_READ_MODELS,
    catch_up,
    expected_tables,
    given_story,
    open_views,
    positions,
    whole_tables,
)


def airplanes(log: Log, seats: int, count: int, *, together: bool = False) -> None:
    """Append new airplanes, in one commit each or in one commit."""
    new = Append("airplane", None, 0, (AirplaneCreated(seats),))
    transactions = [Transaction(at=NINE, appends=(new,))] * count
    for group in [transactions] if together else [[one] for one in transactions]:
        log.append_all(group)


def all_are_rebuilt(views: Views, *, of_another_log: bool = True) -> bool:
    """Rebuild views that are out of date; return whether they show this log then."""
    assert views.out_of_date() == ALL_READ_MODELS
    assert views.of_another_log() == (list(READ_MODELS) if of_another_log else [])
    before = whole_tables(views)
    assert (views.catch_up(), whole_tables(views)) == (0, before)
    list(rebuild(views, views.out_of_date()))
    catch_up(views)
    assert (views.out_of_date(), views.of_another_log()) == ([], [])
    return whole_tables(views) == expected_tables(views)


@pytest.mark.parametrize("since", [0, 1, 10, 30], ids=["none", "shorter", "as long", "longer"])
def test_views_of_a_log_that_was_restored_are_rebuilt(
    store: Store, fresh: Fresh, since: int
) -> None:
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS[:5])
    with fresh.copy(store) as backup:
        with open_log(store) as log, open_views(log, store) as views:
            given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[5:])
        with open_log(backup) as log, open_views(log, store) as views:
            airplanes(log, 7, since)
            assert all_are_rebuilt(views)


def test_a_checkpoint_inside_a_commit_knows_the_whole_commit(store: Store, fresh: Fresh) -> None:
    with open_log(store) as log:
        airplanes(log, 5, 1)
    with fresh.copy(store) as backup:
        with open_log(store) as log, open_views(log, store) as views:
            airplanes(log, 6, 10, together=True)
            views.catch_up(limit=4)
            assert set(positions(views).values()) == {4}
        with open_log(backup) as log, open_views(log, store) as views:
            airplanes(log, 7, 10, together=True)
            assert all_are_rebuilt(views)


def test_views_behind_a_backup_go_on(store: Store, fresh: Fresh) -> None:
    with open_log(store) as log, open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS[:7])
        record(log, *FIVE_SEATS_SIX_CUSTOMERS[7:9])
    with fresh.copy(store) as backup, open_log(backup) as log, open_views(log, store) as views:
        airplanes(log, 7, 3)
        assert (views.out_of_date(), views.of_another_log()) == ([], [])
        assert views.catch_up() == 5
        assert whole_tables(views) == expected_tables(views)


def test_views_of_an_older_airbook_are_rebuilt_once(log: Log, store: Store) -> None:
    with open_views(log, store) as views:
        given_story(views, *FIVE_SEATS_SIX_CUSTOMERS)
        with views.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE checkpoints DROP COLUMN digest")
    with open_views(log, store) as views:
        assert all_are_rebuilt(views, of_another_log=False)
        assert views.position() == len(FIVE_SEATS_SIX_CUSTOMERS)


def test_each_checkpoint_remembers_the_digest_at_its_position(views: Views) -> None:
    for story in (FIVE_SEATS_SIX_CUSTOMERS[:7], FIVE_SEATS_SIX_CUSTOMERS[7:]):
        given_story(views, *story)
        with views.reading() as connection:
            kept = set(connection.execute(sql.select(CHECKPOINTS.c.digest)).scalars())
        assert kept == {views.log.digest_at(views.log.head())} != {""}
