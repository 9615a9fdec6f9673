"""The projector rebuilds views of another log, and creates removed views again."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from tests.support.fresh_stores import Fresh
from tests.support.stores import execute, path_of
from tests.support.views import catch_up, open_views


@pytest.fixture
def airbook(store: Store) -> Generator[Airbook]:
    with Airbook(store) as opened:
        yield opened


def catch_up_all(projector: Projector) -> None:
    for _ in range(20):
        if not projector.step():
            return
    raise AssertionError("the projector is never idle")


def seats(airbook: Airbook) -> list[int]:
    return [plane.seats for plane in airbook.queries.airplanes()]


def test_views_of_another_log_are_all_rebuilt(airbook: Airbook, fresh: Fresh) -> None:
    airbook.create_if_missing()
    with fresh.store() as elsewhere, Airbook(elsewhere) as other:
        other.execute(CreateAirplane(7))
        other.execute(CreateAirplane(8))
        with open_views(other.log, airbook.store) as views:
            catch_up(views)
    airbook.execute(CreateAirplane(5))
    projector = Projector(airbook)
    catch_up_all(projector)
    assert (projector.views.out_of_date(), seats(airbook)) == ([], [5])


def test_removed_views_are_created_again(airbook: Airbook) -> None:
    airbook.execute(CreateAirplane(5))
    projector = Projector(airbook)
    catch_up_all(projector)
    if isinstance(airbook.store, PostgresStore):
        execute(airbook.store, "DROP SCHEMA airbook_views CASCADE")
        execute(airbook.store, "CREATE SCHEMA airbook_views")
        airbook.close_queries()  # on a server, opening the views creates their tables
    else:
        for file in path_of(airbook.store).parent.glob("airbook.views.db*"):
            file.unlink()
    airbook.execute(CreateAirplane(6))
    catch_up_all(projector)
    assert projector.position == 2
    assert seats(airbook) == [5, 6]
