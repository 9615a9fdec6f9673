"""A daemon whose rebuild of the views fails for long: it says so once, and decides meanwhile."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.patience import Pauses
from airbook.application.stores.store import Store
from airbook.daemon import service
from airbook.daemon.projector import Projector
from airbook.daemon.service import Daemon
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from airbook.projections.models.airplanes import READ_MODEL as AIRPLANES
from tests.daemon.blocking import long_transaction
from tests.daemon.logged import Logged
from tests.support.views import (
    catch_up,
    expected_tables,
    make_out_of_date,
    open_views,
    whole_tables,
)
from tests.support.waiting import SECONDS, until

TRIES = 3


@pytest.fixture
def airbook(store: Store) -> Generator[Airbook]:
    """Open a store with an airplane, and with views of which one is out of date."""
    with Airbook(store) as opened:
        opened.execute(CreateAirplane(5))
        with open_views(opened.log, store) as views:
            catch_up(views)
            make_out_of_date(views, AIRPLANES)
        yield opened


@pytest.fixture
def failed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let rebuilds rest only briefly after an error; returns the codes of their errors."""
    codes, rebuild = list[str](), Projector.rebuild

    def noted(projector: Projector) -> bool:
        try:
            return rebuild(projector)
        except StoreError as error:
            codes.append(error.code)
            raise

    monkeypatch.setattr(Projector, "rebuild", noted)
    monkeypatch.setattr(service, "PAUSES_BETWEEN_REBUILDS", Pauses(0.01, 0.02))
    return codes


def test_a_rebuild_that_fails_again_and_again_is_said_once(
    airbook: Airbook, store: Store, failed: list[str]
) -> None:
    logged = Logged()
    daemon = Daemon(airbook, logged.logger)
    in_the_way = Event()

    def elsewhere() -> None:
        try:
            with Airbook(store) as other, open_views(other.log, store) as views:
                with long_transaction(views):
                    in_the_way.set()
                    until(lambda: len(failed) >= TRIES, "rebuilds that fail")
                    other.execute(Reserve(1, "kim"))
                    until(lambda: other.log.head() == 4, "a decision")
                until(lambda: views.out_of_date() == [] and views.position() == 4, "the views")
                assert whole_tables(views) == expected_tables(views)
        finally:
            daemon.stopping = True

    with ThreadPoolExecutor(1) as thread:
        result = thread.submit(elsewhere)
        assert in_the_way.wait(SECONDS)
        daemon.run()
        result.result()
    assert set(failed) == {"store_busy"}
    events = [line["event"] for line in logged.lines()]
    assert events == ["ready", "store_busy", "decided", "recovered", "stopped"]
