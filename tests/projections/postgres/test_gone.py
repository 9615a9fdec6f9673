"""Tests of views whose tables were dropped: they are created again and filled from the log."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane
from airbook.application.stores.store import Store
from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.projections.models import airplanes, totals
from tests.support.stores import execute

AIRPLANE = Airplane(1, None, 5, 0, 0, 5, "open")


@pytest.mark.parametrize("table", [airplanes.TABLE.name, totals.TABLE.name, "checkpoints"])
def test_a_daemon_creates_dropped_tables_again(store: Store, table: str) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        projector = Projector(airbook)
        while projector.step():
            pass
        execute(store, f"DROP TABLE airbook_views.{table}")
        airbook.execute(CreateAirplane(3))
        for _ in range(10):
            projector.step()
        expected = [AIRPLANE, Airplane(2, None, 3, 0, 0, 3, "open")]
        assert airbook.queries.airplanes() == expected
        assert projector.position == 2


def test_a_query_raises_an_error_and_the_views_can_be_rebuilt(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        assert airbook.queries.airplanes() == [AIRPLANE]
        execute(store, f"DROP TABLE airbook_views.{airplanes.TABLE.name}")
        with pytest.raises(StoreError) as error:
            airbook.queries.airplanes()
        assert error.value.code == "views_damaged"
        assert airbook.queries_even_if_damaged().airplanes() == [AIRPLANE]
