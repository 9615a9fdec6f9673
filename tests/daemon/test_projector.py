"""The projector rebuilds views of another log, and creates removed views again."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.daemon.projector import Projector
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.eventlog.sqlite.connection import BUSY_SECONDS
from airbook.projections.store import READ_MODELS
from tests.support.fresh_stores import Fresh
from tests.support.stores import by_hand, execute, path_of
from tests.support.views import catch_up, expected_tables, open_views, whole_tables


@pytest.fixture
def airbook(store: Store) -> Generator[Airbook]:
    with Airbook(store) as opened:
        yield opened


def catch_up_all(projector: Projector) -> None:
    for _ in range(20):
        if not (projector.step() | projector.rebuild()):
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
    said = list[tuple[str, object]]()

    def say(event: str, **fields: object) -> None:
        said.append((event, fields))

    projector = Projector(airbook, say)
    catch_up_all(projector)
    assert (projector.views.out_of_date(), seats(airbook)) == ([], [5])
    assert said == [("views_of_another_log", {"views": list(READ_MODELS), "position": 1})]


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
    with open_views(airbook.log, airbook.store) as views:
        assert (views.position(), whole_tables(views)) == (2, expected_tables(views))


def test_views_in_a_damaged_file_are_replaced_when_they_are_opened(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "airbook.db")
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        store.views_path.write_text("Dear diary, today I flew to Jeju. " * 300)
        projector = Projector(airbook)
        catch_up_all(projector)
        views = projector.views
        assert (projector.position, whole_tables(views)) == (1, expected_tables(views))


def test_a_projector_waits_only_briefly_for_locked_views(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "airbook.db")
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        projector = Projector(airbook)
        catch_up_all(projector)
        airbook.execute(CreateAirplane(6))
        with by_hand(store.views_path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            begun = time.monotonic()
            with pytest.raises(StoreError) as error:
                projector.step()
            assert (error.value.code, time.monotonic() - begun < BUSY_SECONDS - 1) == (
                "store_busy",
                True,
            )
        catch_up_all(projector)
        assert projector.position == 2
