"""Tests of views on a server while another connection holds a lock."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.projections.checkpoints import CHECKPOINTS
from airbook.projections.models.airplanes import TABLE
from airbook.projections.store import Views
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record
from tests.support.views import catch_up, expected_tables, open_views, whole_tables


@pytest.mark.parametrize("table", [CHECKPOINTS.name, TABLE.name])
def test_views_that_stay_locked_are_busy(views: Views, store: Store, table: str) -> None:
    record(views.log, *FIVE_SEATS_SIX_CUSTOMERS)
    with open_views(views.log, store) as second:
        with views.writing() as connection:
            connection.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreError) as error:
                second.catch_up()
        assert error.value.code == "store_busy"
        catch_up(second)
        assert whole_tables(second) == expected_tables(views)
