"""The daemon as a process: how it ends, and how another takes over."""

from __future__ import annotations

import json
import os
import signal
import socket
from typing import Any

import psutil
import pytest

from airbook.eventlog.lease import STALE_SECONDS
from airbook.eventlog.sqlite.lease import last_heartbeat
from tests.support.answers import refused
from tests.support.home import PATIENCE, Home
from tests.support.waiting import until


@pytest.fixture
def pending(home: Home) -> Home:
    """Return a home with two pending requests for one seat."""
    home("admin", "add-plane", "--seats", "1")
    home("reserve", "1")
    home("reserve", "1")
    return home


def without_what_varies_from_run_to_run(line: dict[str, Any]) -> dict[str, Any]:
    """Check the time and the duration in the line of a decision, and remove them."""
    assert line.pop("timestamp").endswith("Z")
    assert 0 <= line.pop("waited_ms") < 1000 * PATIENCE
    assert (line.pop("event"), line.pop("level")) == ("decided", "info")
    return line


def decisions(home: Home) -> list[str]:
    return [one["status"] for one in home.json("my-page", "--all")]


@pytest.mark.parametrize("flag", ["--once", "--until-idle"])
def test_it_decides_what_is_pending_and_ends(pending: Home, flag: str):
    answer = pending("daemon", flag)
    assert (answer.code, answer.out) == (0, "")
    said = [json.loads(line) for line in answer.err.splitlines()]
    assert [one["event"] for one in said] == ["ready", "decided", "decided", "stopped"]
    decided = [without_what_varies_from_run_to_run(one) for one in said[1:3]]
    assert decided == [
        {"reservation": 1, "airplane": 1, "outcome": "approved", "seat": 1},
        {"reservation": 2, "airplane": 1, "outcome": "rejected", "reason": "no_seats_left"},
    ]
    assert decisions(pending) == ["approved", "rejected"]
    again = [json.loads(line)["event"] for line in pending("daemon", flag).err.splitlines()]
    assert again == ["ready", "stopped"]


def test_the_log_has_levels_and_goes_to_stderr_only(pending: Home):
    answer = pending("daemon", "--once", "--log-level", "error")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert pending("daemon", "--once", AIRBOOK_LOG_LEVEL="warning").err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_that_is_asked_to_stop_stops(pending: Home, number: signal.Signals):
    with pending.daemon() as daemon:
        daemon.wait_for_log("decided")
        daemon.send_signal(number)
        answer = daemon.end(PATIENCE)
    assert (answer.code, answer.out) == (0, "")
    assert json.loads(answer.err.splitlines()[-1])["event"] == "stopped"
    assert pending.json("status")["daemon"] == {"running": False, "heartbeat_age_seconds": None}


def test_a_standby_takes_over_when_the_daemon_is_killed(pending: Home):
    with pending.daemon() as first, pending.running("daemon") as second:
        assert second.wait_for_log("standing_by")["decider_pid"] == first.pid
        first.kill()
        assert second.wait_for_log("ready")["pid"] == second.pid
        assert pending("reserve", "1", "--wait").code == 4
    assert decisions(pending) == ["approved", "rejected", "rejected"]


def test_a_standby_names_the_daemon_that_takes_over_in_its_place(home: Home):
    with home.daemon() as first, home.running("daemon") as second, home.running("daemon") as third:
        others = {one.pid: one for one in (second, third)}
        for one in others.values():
            assert one.wait_for_log("standing_by")["decider_pid"] == first.pid
        first.kill()
        until(lambda: home.daemon_pid() in others, "another daemon to take over")
        winner = others.pop(home.daemon_pid() or 0)
        [loser] = others.values()
        assert loser.wait_for_log("standing_by")["decider_pid"] == winner.pid


def test_a_standby_that_is_asked_to_stop_stops(home: Home):
    with home.daemon(), home.running("daemon") as second:
        second.wait_for_log("standing_by")
        assert second.stop().code == 0


def is_up_to_date(home: Home) -> bool:
    """Return whether a daemon has decided and projected everything, so that it holds no lock."""
    with home.airbook() as airbook:
        head = airbook.log.head()
        return airbook.log.checkpoint("approver") == airbook.queries.views.position() == head


def test_a_daemon_that_hangs_loses_its_lease_and_finds_out(pending: Home):
    with pending.daemon() as first, pending.running("daemon") as second:
        second.wait_for_log("standing_by")
        until(lambda: is_up_to_date(pending), "the daemon to be idle")
        first.send_signal(signal.SIGSTOP)
        hanging = psutil.Process(first.pid)
        until(lambda: hanging.status() == psutil.STATUS_STOPPED, "the daemon to hang")
        last = last_heartbeat(pending.lease)
        assert last is not None
        second.wait_for_log("ready")
        assert last.age() > STALE_SECONDS
        assert pending("reserve", "1", "--wait").code == 4
        first.send_signal(signal.SIGCONT)
        first.wait_for_log("lease_lost")
        first.wait_for_log("standing_by")
    assert decisions(pending) == ["approved", "rejected", "rejected"]


def test_several_daemons_decide_each_request_once(pending: Home):
    crowd = [pending.start("daemon", "--until-idle") for _ in range(4)]
    assert [one.end().code for one in crowd] == [0, 0, 0, 0]
    assert decisions(pending) == ["approved", "rejected"]
    types = [recorded["type"] for recorded in pending.json("events")]
    assert len(types) == 6


def test_the_status_shows_a_running_daemon(pending: Home):
    with pending.daemon() as daemon:
        daemon.wait_for_log("decided")
        status = pending.json("status")
        assert status["daemon"].pop("heartbeat_age_seconds") < STALE_SECONDS
        views = [one["name"] for one in status.pop("views")]
        assert views == ["airplanes", "reservations", "history", "totals"]
        assert status == {
            "store": f"sqlite:///{pending.store}",
            "position": 6,
            "daemon": {"running": True},
            "airplanes": 1,
            "reservations": {"received": 0, "approved": 1, "rejected": 1, "cancelled": 0},
            "parked": 0,
        }


def test_only_the_owner_can_open_what_a_daemon_creates(pending: Home):
    os.chmod(pending.folder, 0o755)  # noqa: PTH101, S103 -- as a home folder often is
    with pending.daemon() as daemon:
        daemon.wait_for_log("decided")
        for path in (pending.store.parent, *pending.store.parent.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path


def test_an_address_for_its_health_that_cannot_be_used_is_refused(pending: Home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refused(pending("daemon", "--once", "--health-port", port)) == [
            f"Port {port} is in use, or needs more rights.",
            "hint: airbook daemon --help",
        ]
    words = ("daemon", "--once", "--health-port", port, "--health-host", "192.0.2.1")
    assert refused(pending(*words)) == [
        "192.0.2.1 is no address of this machine.",
        "hint: airbook daemon --help",
    ]
    assert decisions(pending) == ["received", "received"]
