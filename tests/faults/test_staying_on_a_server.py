"""A daemon that stays while its server is down, crashes, ends connections or loses the views."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest

from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.faults.staying import all_decided, begin, ends_well, events_of, lasting, reserve
from tests.support.home import Home
from tests.support.postgres_server import OwnServer, Server
from tests.support.waiting import until

STORM_SECONDS = 3.0
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = '{}' AND pid <> pg_backend_pid()"
)


@pytest.mark.postgres
def test_a_server_that_is_down_when_the_daemon_begins_and_again_later(
    own_server: OwnServer, tmp_path: Path
) -> None:
    url = own_server.create_database()
    schema.create(Place(url))
    home = Home(tmp_path, url)
    begin(home)
    with home.airbook() as airbook:
        reserve(airbook, 2)
    own_server.stop()
    for flag in ("--once", "--until-idle"):
        assert home.run("daemon", flag).code == 7
    with lasting(home) as daemon:
        for times in (1, 2):
            said = daemon.wait_for_log("store_unreachable")
            assert said["reason"]
            own_server.start()
            daemon.wait_for_log("recovered")
            all_decided(home)
            with home.airbook() as airbook:
                reserve(airbook, 2)
            all_decided(home)
            if times == 1:
                own_server.stop()
        counted = events_of(daemon)
        assert (counted["store_unreachable"], counted["recovered"]) == (2, 2)
        ends_well(daemon, home)


@pytest.mark.postgres
def test_a_crashed_server(own_server: OwnServer, tmp_path: Path) -> None:
    url = own_server.create_database()
    schema.create(Place(url))
    home = Home(tmp_path, url)
    begin(home)
    with lasting(home) as daemon:
        daemon.wait_for_log("ready")
        for _ in range(3):
            own_server.kill()
            own_server.start()
            with home.airbook() as airbook:
                reserve(airbook, 2)
            all_decided(home)
        ends_well(daemon, home)


def test_an_administrator_ends_all_connections_without_a_pause(
    served: Home, server: Server
) -> None:
    assert served.url is not None
    begin(served)
    over, statement = Event(), TERMINATE.format(served.url.partition("?")[0].rpartition("/")[2])

    def storm() -> None:
        while not over.wait(0.01):
            server.execute(statement)

    storming = Thread(target=storm)
    with lasting(served) as daemon:
        daemon.wait_for_log("ready")
        storming.start()
        try:
            over.wait(STORM_SECONDS)
        finally:
            over.set()
            storming.join()
        with served.airbook() as airbook:
            reserve(airbook, 5)
        all_decided(served)
        assert events_of(daemon)["store_unreachable"] <= 4
        ends_well(daemon, served)


def test_a_server_that_allows_transactions_no_time(served: Home, server: Server) -> None:
    assert served.url is not None
    begin(served)
    name = server.execute("SELECT current_database()", served.url)[0][0]
    with served.airbook() as airbook, lasting(served) as daemon:
        daemon.wait_for_log("ready")
        reserve(airbook, 2)
        all_decided(served)
        airbook.close()
        server.execute(f"ALTER DATABASE {name} SET transaction_timeout = 1")
        server.execute(TERMINATE.format(name))
        daemon.wait_for_log("store_unreachable")
        server.execute(f"ALTER DATABASE {name} RESET transaction_timeout")
        server.execute(TERMINATE.format(name))
        daemon.wait_for_log("recovered")
        reserve(airbook, 2)
        all_decided(served)
        ends_well(daemon, served)


def test_a_dropped_schema_of_the_views_keeps_no_decision_from_being_made(
    served: Home, server: Server
) -> None:
    assert served.url is not None
    begin(served)
    with served.airbook() as airbook, lasting(served) as daemon:
        daemon.wait_for_log("ready")
        reserve(airbook, 1)
        until(lambda: airbook.queries.views.position() == 4, "the views")
        server.execute("DROP SCHEMA airbook_views CASCADE", served.url)
        daemon.wait_for_log("views_missing")
        reserve(airbook, 1)
        all_decided(served)
        schema.create(Place(served.url))
        daemon.wait_for_log("recovered")
        airbook.close_queries()
        until(lambda: airbook.queries.views.position() == airbook.log.head(), "the views")
        ends_well(daemon, served)
