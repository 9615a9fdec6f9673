"""A daemon that stays: it says what troubles it, waits, and goes on, and so do its activities."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from airbook.eventlog.lease import TAKEOVER_SECONDS
from airbook.eventlog.postgres import schema
from tests.faults.company import at_work, daemons
from tests.faults.disks import fill
from tests.faults.promises import everything, is_healthy, undecided
from tests.faults.staying import all_decided, begin, ends_well, events_of, lasting, reserve
from tests.support.home import Home
from tests.support.stores import by_hand
from tests.support.waiting import until


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


def test_a_daemon_that_waits_for_a_locked_log_keeps_its_lease(tmp_path: Path) -> None:
    home = Home(tmp_path)
    begin(home)
    with home.airbook() as airbook, at_work(home, daemons(home, 2)) as company:
        deciding = company.processes[company.assemble()]
        until(
            lambda: airbook.log.checkpoint("approver") == airbook.log.head(),
            "nothing to be written",
        )
        deciding.send_signal(signal.SIGSTOP)
        reserve(airbook, 1)
        with locked_log(home):
            deciding.send_signal(signal.SIGCONT)
            deciding.wait_for_log("store_busy")
            time.sleep(TAKEOVER_SECONDS)
        deciding.wait_for_log("recovered")
        all_decided(home)
        assert home.daemon_pid() == deciding.pid
        assert events_of(deciding) == Counter(["ready", "store_busy", "recovered", "decided"])
        for name in daemons(home, 2):
            company.dismiss(name)
    is_healthy(home)
