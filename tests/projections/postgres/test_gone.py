"""Views whose tables somebody dropped: the log has it all, so they are made anew."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane
from airbook.application.stores.store import Store
from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from tests.support.stores import execute

PLANE = Airplane(1, None, 5, 0, 0, 5, "open")


@pytest.mark.parametrize("table", ["airplanes", "totals", "checkpoints"])
def test_a_daemon_makes_them_anew(store: Store, table: str) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        projector = Projector(airbook)
        while projector.step():
            pass
        execute(store, f"DROP TABLE airbook_views.{table}")
        airbook.execute(CreateAirplane(3))
        for _ in range(10):
            projector.step()
        expected = [PLANE, Airplane(2, None, 3, 0, 0, 3, "open")]
        assert airbook.queries.airplanes() == expected
        assert projector.position == 2


def test_whoever_looks_is_told_and_may_rebuild_them(store: Store) -> None:
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        assert airbook.queries.airplanes() == [PLANE]
        execute(store, "DROP TABLE airbook_views.airplanes")
        with pytest.raises(StoreError) as trouble:
            airbook.queries.airplanes()
        assert trouble.value.code == "views_damaged"
        assert airbook.queries_even_if_damaged().airplanes() == [PLANE]
