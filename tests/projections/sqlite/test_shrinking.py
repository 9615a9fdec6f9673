"""Tests of the size of the file of the views after a rebuild."""

from __future__ import annotations

from airbook.application.stores.sqlite import SQLiteStore
from airbook.eventlog.log import Log
from airbook.projections.store import Views
from tests.support.stores import by_hand
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record
from tests.support.views import expected_tables, open_views, rebuild_all, whole_tables

UNUSED = 4_000_000  # bytes


def with_unused_pages(store: SQLiteStore) -> None:
    """Leave unused pages in the file of the views, as a table that was dropped does."""
    with by_hand(store.views_path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"CREATE TABLE unused AS SELECT zeroblob({UNUSED}) AS bytes")
        connection.execute("DROP TABLE unused")


def size(views: Views) -> int:
    with views.reading() as connection:
        query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        return int(connection.exec_driver_sql(query).scalar_one())


def test_a_rebuild_shrinks_the_file(log: Log, views: Views, store: SQLiteStore) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with_unused_pages(store)
    assert size(views) > UNUSED
    rebuild_all(views)
    assert size(views) < UNUSED / 10
    assert whole_tables(views) == expected_tables(views)


def test_a_rebuild_shrinks_a_file_that_an_earlier_version_created(
    log: Log, store: SQLiteStore
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with_unused_pages(store)  # before airbook opens the file
    with open_views(log, store) as views:
        for _ in range(2):
            rebuild_all(views)
            assert size(views) < UNUSED / 10
        assert whole_tables(views) == expected_tables(views)


def test_a_rebuild_shrinks_the_file_while_another_transaction_reads(
    log: Log, store: SQLiteStore
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with_unused_pages(store)
    with open_views(log, store) as views, views.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM checkpoints")
        assert rebuild_all(views) == [len(FIVE_SEATS_SIX_CUSTOMERS)]
    with open_views(log, store) as views:
        assert size(views) < UNUSED / 10
        assert whole_tables(views) == expected_tables(views)
