"""The daemon as a process: how it ends, and how another takes over."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from airbook.eventlog.lease import STALE_SECONDS
from tests.support.home import Home


@pytest.fixture
def waiting(home: Home) -> Home:
    """Leave two requests for one seat undecided."""
    home("admin", "add-plane", "--seats", "1")
    home("reserve", "1")
    home("reserve", "1")
    return home


def decisions(home: Home) -> list[str]:
    return [one["status"] for one in home.json("my-page", "--all")]


@pytest.mark.parametrize("flag", ["--once", "--until-idle"])
def test_it_does_what_waits_and_ends(waiting: Home, flag: str):
    answer = waiting("daemon", flag)
    assert (answer.code, answer.out) == (0, "")
    said = [json.loads(line) for line in answer.err.splitlines()]
    assert [one["event"] for one in said] == ["ready", "decided", "stopped"]
    assert (said[1]["approved"], said[1]["rejected"]) == (1, 1)
    assert decisions(waiting) == ["approved", "rejected"]
    again = [json.loads(line)["event"] for line in waiting("daemon", flag).err.splitlines()]
    assert again == ["ready", "stopped"]


def test_its_log_can_be_turned_down_and_is_on_stderr_alone(waiting: Home):
    answer = waiting("daemon", "--once", "--log-level", "error")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert waiting("daemon", "--once", AIRBOOK_LOG_LEVEL="warning").err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_politely(waiting: Home, number: signal.Signals):
    with waiting.daemon() as daemon:
        daemon.wait_for_log("decided")
        began = time.monotonic()
        daemon.send_signal(number)
        answer = daemon.end()
        assert time.monotonic() - began < 5
    assert (answer.code, answer.out) == (0, "")
    assert json.loads(answer.err.splitlines()[-1])["event"] == "stopped"
    assert waiting.json("status")["daemon"] == {"running": False, "heartbeat_age_seconds": None}


def test_another_stands_by_and_takes_over_from_one_that_is_killed(waiting: Home):
    with waiting.daemon() as first, waiting.running("daemon") as second:
        second.wait_for_log("standing_by")
        first.kill()
        assert second.wait_for_log("ready")["pid"] == second.pid
        assert waiting("reserve", "1", "--wait").code == 4
    assert decisions(waiting) == ["approved", "rejected", "rejected"]


def test_one_that_stands_by_stops_politely_too(home: Home):
    with home.daemon(), home.running("daemon") as second:
        second.wait_for_log("standing_by")
        assert second.stop().code == 0


def test_one_that_hangs_loses_its_lease_and_finds_out(waiting: Home):
    with waiting.daemon() as first, waiting.running("daemon") as second:
        second.wait_for_log("standing_by")
        first.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        second.wait_for_log("ready")
        assert STALE_SECONDS - 1 < time.monotonic() - began < 3 * STALE_SECONDS
        assert waiting("reserve", "1", "--wait").code == 4
        first.send_signal(signal.SIGCONT)
        first.wait_for_log("lease_lost")
        first.wait_for_log("standing_by")
    assert decisions(waiting) == ["approved", "rejected", "rejected"]


def test_a_crowd_of_them_decides_each_request_once(waiting: Home):
    crowd = [waiting.start("daemon", "--until-idle") for _ in range(4)]
    assert [one.end().code for one in crowd] == [0, 0, 0, 0]
    assert decisions(waiting) == ["approved", "rejected"]
    types = [recorded["type"] for recorded in waiting.json("events")]
    assert len(types) == 6


def test_the_status_tells_of_it(waiting: Home):
    with waiting.daemon() as daemon:
        daemon.wait_for_log("decided")
        status = waiting.json("status")
        assert status["daemon"].pop("heartbeat_age_seconds") < STALE_SECONDS
        views = [one["name"] for one in status.pop("views")]
        assert views == ["airplanes", "reservations", "history", "totals"]
        assert status == {
            "store": f"sqlite:///{waiting.store}",
            "position": 6,
            "daemon": {"running": True},
            "airplanes": 1,
            "reservations": {"received": 0, "approved": 1, "rejected": 1, "cancelled": 0},
            "parked": 0,
        }


def test_what_it_makes_is_its_owners_alone(waiting: Home):
    os.chmod(waiting.folder, 0o755)  # noqa: PTH101, S103 -- as a home folder often is
    with waiting.daemon() as daemon:
        daemon.wait_for_log("decided")
        for path in (waiting.store.parent, *waiting.store.parent.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path
