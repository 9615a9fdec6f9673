"""A daemon that ends by itself: it gives a busy log up, and ends after the rest of its work."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.store import Store
from airbook.daemon.service import Daemon, Until
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.errors import StoreError
from tests.daemon.logged import Logged
from tests.support.locking import locked
from tests.support.views import expected_tables, open_views, whole_tables


@pytest.mark.parametrize("end", ["idle", "caught_up"])
def test_a_daemon_that_gave_the_decisions_up_ends_when_the_views_are_done(
    store: Store, monkeypatch: pytest.MonkeyPatch, end: Until
) -> None:
    monkeypatch.setattr("airbook.application.patience.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("airbook.eventlog.sqlite.connection.BUSY_SECONDS", 0.05)
    logged = Logged()
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute(Reserve(1, "kim"))
        with locked(store), pytest.raises(StoreError) as error:
            Daemon(airbook, logged.logger, until=end).run()
        assert error.value.code == "store_busy"
        assert [line["event"] for line in logged.lines()] == ["ready", "store_busy"]
        with open_views(airbook.log, store) as views:
            assert (views.position(), airbook.log.head()) == (2, 2)
            assert whole_tables(views) == expected_tables(views)
        Daemon(airbook, logged.logger, until=end).run()
        assert [line["event"] for line in logged.lines()] == ["ready", "decided", "stopped"]
