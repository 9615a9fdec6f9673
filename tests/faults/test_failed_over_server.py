"""A daemon stays while its server can only be read, and goes on when it can be written to again."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.faults.promises import says_one_sentence
from tests.faults.staying import all_decided, begin, ends_well, events_of, lasting, reserve
from tests.faults.storms import TERMINATE_ALL
from tests.support.home import Home
from tests.support.postgres_server import OwnServer, Server
from tests.support.waiting import until


@pytest.mark.postgres
@pytest.mark.parametrize("is_early", [True, False], ids=["before the daemon", "under the daemon"])
def test_a_server_that_became_a_standby(
    own_server: OwnServer, tmp_path: Path, *, is_early: bool
) -> None:
    url = own_server.create_database()
    schema.create(Place(url))
    home = Home(tmp_path, url)
    begin(home)
    with home.airbook() as airbook:
        reserve(airbook, 2)
    if is_early:
        own_server.demote()
        assert home.run("daemon", "--until-idle").code == 7
    with lasting(home) as daemon:
        if not is_early:
            all_decided(home)
            own_server.demote()
        daemon.wait_for_log("store_read_only")
        says_one_sentence(home.here("reserve", "1"))
        own_server.execute("SELECT pg_promote()")
        until(lambda: home.daemon_pid() == daemon.pid, "a lease")
        with home.airbook() as airbook:
            reserve(airbook, 2)
        all_decided(home)
        until(lambda: events_of(daemon)["recovered"] >= 1, "a line about the end of it")
        assert events_of(daemon)["store_read_only"] == 1
        ends_well(daemon, home)


def test_a_database_that_is_read_only_for_a_while(served: Home, server: Server) -> None:
    assert served.url is not None
    begin(served)
    name = server.execute("SELECT current_database()", served.url)[0][0]
    with lasting(served) as daemon:
        daemon.wait_for_log("ready")
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        server.execute(TERMINATE_ALL, served.url)
        daemon.wait_for_log("store_read_only")
        server.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        until(lambda: served.daemon_pid() == daemon.pid, "a lease")
        with served.airbook() as airbook:
            reserve(airbook, 2)
        all_decided(served)
        assert events_of(daemon)["store_read_only"] == 1
        ends_well(daemon, served)
