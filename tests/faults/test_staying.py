"""A daemon that stays: it says what troubles it, waits, and goes on, and so do its activities."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.faults.disks import fill
from tests.faults.promises import everything, is_healthy, nothing_is_lost, undecided
from tests.support.home import Home
from tests.support.postgres_server import OwnServer, Server
from tests.support.running import Process
from tests.support.stores import by_hand
from tests.support.waiting import until

STORM_SECONDS = 3.0
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = '{}' AND pid <> pg_backend_pid()"
)


def events_of(daemon: Process) -> Counter[str]:
    """Count the lines of a daemon's log by their events."""
    return Counter(json.loads(line)["event"] for line in daemon.said().splitlines())


def reserve(airbook: Airbook, many: int) -> None:
    for number in range(many):
        airbook.execute(Reserve(1, f"customer {number}"))


def all_decided(home: Home) -> None:
    until(lambda: undecided(everything(home)) == 0, "all decisions")


def ends_well(daemon: Process, home: Home) -> None:
    """Stop a daemon, which must not have failed; check the store."""
    answer = daemon.stop()
    assert answer.code == 0, answer
    nothing_is_lost(home, frozenset())
    is_healthy(home)


@contextmanager
def lasting(home: Home) -> Generator[Process]:
    """Start a daemon for the duration of a block, without waiting until it is ready."""
    with home.running("daemon") as daemon:
        yield daemon


def begin(home: Home, seats: int = 9) -> None:
    assert home.here("admin", "add-plane", "--seats", str(seats)).code == 0


def test_a_full_disk(small_disk: Path) -> None:
    home, ballast = Home(small_disk), small_disk / "ballast"
    begin(home)
    with home.airbook() as airbook:
        reserve(airbook, 3)
        fill(ballast)
        with lasting(home) as daemon:
            daemon.wait_for_log("store_full")
            fill(ballast)
            assert undecided(everything(home)) == 3
            ballast.unlink()
            daemon.wait_for_log("recovered")
            all_decided(home)
            reserve(airbook, 1)
            all_decided(home)
            assert events_of(daemon)["store_full"] <= 2  # for the log, and for the views
            ends_well(daemon, home)


def test_a_full_disk_of_the_views_alone(tmp_path: Path, small_disk: Path) -> None:
    home, ballast = Home(tmp_path / "home"), small_disk / "ballast"
    begin(home)
    home.views.unlink(missing_ok=True)
    home.views.symlink_to(small_disk / "views.db")
    fill(ballast)
    with home.airbook() as airbook, lasting(home) as daemon:
        reserve(airbook, 3)
        daemon.wait_for_log("store_full")
        all_decided(home)
        assert home.run("daemon", "--until-idle").code == 1
        reserve(airbook, 3)
        all_decided(home)
        assert events_of(daemon)["recovered"] == 0
        ballast.unlink()
        daemon.wait_for_log("recovered")
        until(lambda: airbook.queries.views.position() == airbook.log.head(), "the views")
        assert events_of(daemon)["store_full"] == 1
        ends_well(daemon, home)


def test_a_daemon_that_ends_by_itself_decides_although_the_views_fail(tmp_path: Path) -> None:
    home = Home(tmp_path)
    begin(home)
    with home.airbook() as airbook:
        reserve(airbook, 3)
    home.views.unlink(missing_ok=True)
    home.views.mkdir()
    answer = home.run("daemon", "--until-idle")
    assert (answer.code, answer.err.splitlines()[-2:]) == (
        7,
        [f"The store {home.views} cannot be opened.", "hint: airbook config show"],
    )
    home.views.rmdir()
    assert undecided(everything(home)) == 0


@contextmanager
def locked_views(home: Home) -> Generator[None]:
    """Keep the views locked for a block, as a process does that was stopped while it wrote."""
    if home.url is None:
        with by_hand(home.views) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(home.url) as connection:
            connection.execute("LOCK TABLE airbook_views.checkpoints IN ACCESS EXCLUSIVE MODE")
            yield


@contextmanager
def locked_log(home: Home) -> Generator[None]:
    """Keep the log locked for writers for a block."""
    if home.url is None:
        with by_hand(home.store) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(home.url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", schema.WRITING)
            yield


def test_views_that_stay_locked_keep_no_decision_from_being_made(home: Home) -> None:
    begin(home)
    assert home.here("planes").code == 0  # creates the views
    with home.airbook() as airbook, lasting(home) as daemon:
        daemon.wait_for_log("ready")
        with locked_views(home):
            for _ in range(3):
                reserve(airbook, 1)
                all_decided(home)
            daemon.wait_for_log("store_busy")
            reserve(airbook, 1)
            all_decided(home)
        daemon.wait_for_log("recovered")
        assert events_of(daemon)["store_busy"] == 1
        ends_well(daemon, home)


def test_a_log_that_stays_locked_keeps_no_view_from_being_updated(home: Home) -> None:
    begin(home)
    with home.airbook() as airbook:
        reserve(airbook, 1)
        assert airbook.queries.views.position() == 0
        with locked_log(home), lasting(home) as daemon:
            daemon.wait_for_log("ready")
            until(lambda: airbook.queries.views.position() == 2, "the views")
            assert undecided(everything(home)) == 1
        with lasting(home) as daemon:
            all_decided(home)
            ends_well(daemon, home)


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """Start a server that a test may stop."""
    with closing(OwnServer()) as server:
        server.start()
        yield server


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
