"""A daemon that is stopped or stuck is unhealthy, and says what it waits for."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from airbook.application.commands import Reserve
from tests.faults.disks import fill
from tests.faults.staying import all_decided, begin, reserve
from tests.support.home import Home
from tests.support.locking import locked
from tests.support.ports import reserved_port
from tests.support.postgres_server import Server
from tests.support.probing import Probed, probe
from tests.support.running import Process
from tests.support.stopping import stop_while_idle
from tests.support.waiting import until

HEALTH = "/actuator/health"
SPRING = "application/vnd.spring-boot.actuator.v3+json"


class Watched:
    """A daemon with a port for its health."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port

    def ask(self, path: str = HEALTH) -> Probed:
        answer = probe(self.port, path)
        assert answer is not None, self.process.said()
        return answer

    def is_up(self) -> bool:
        answer = probe(self.port, HEALTH)
        return answer is not None and answer.code == 200

    def decides(self) -> bool:
        return bool(self.component("decisions")["status"] == "UP")

    def phase(self) -> object:
        return self.component("readinessState")["details"]["phase"]

    def component(self, name: str) -> dict[str, Any]:
        """Return a component, without the seconds that pass while the test looks."""
        found: dict[str, Any] = self.ask(f"{HEALTH}/{name}").document
        if "details" in found:
            found["details"].pop("seconds", None)
        return found


@contextmanager
def watched(home: Home) -> Generator[Watched]:
    with reserved_port() as port, home.running("daemon", "--health-port", str(port)) as process:
        daemon = Watched(process, port)
        until(daemon.is_up, "the daemon to be healthy")
        yield daemon


@pytest.fixture
def begun(home: Home) -> Home:
    """Return a home with an airplane."""
    begin(home)
    return home


def test_a_daemon_that_decides_is_healthy_and_so_is_a_standby(begun: Home) -> None:
    with watched(begun) as first, watched(begun) as second:
        until(lambda: first.phase() == "deciding", "a daemon to decide")
        until(lambda: second.phase() == "standby", "the other to stand by")
        for daemon, phase in ((first, "deciding"), (second, "standby")):
            ready = daemon.ask(f"{HEALTH}/readiness")
            assert (ready.code, ready.headers["content-type"]) == (200, SPRING)
            assert ready.document == {
                "status": "UP",
                "components": {
                    "readinessState": {"status": "UP", "details": {"phase": phase}},
                    "store": {"status": "UP"},
                    "leases": {"status": "UP"},
                    "decisions": {"status": "UP"},
                    "views": {"status": "UP"},
                },
            }


def test_a_stopped_daemon_does_not_answer(begun: Home) -> None:
    with watched(begun) as daemon:
        daemon.process.send_signal(signal.SIGSTOP)
        process = psutil.Process(daemon.process.pid)
        until(lambda: process.status() == psutil.STATUS_STOPPED, "the daemon to stop")
        assert probe(daemon.port, f"{HEALTH}/liveness") is None
        daemon.process.send_signal(signal.SIGCONT)
        until(daemon.is_up, "the daemon to be healthy again")


def test_a_daemon_that_waits_for_the_lock_says_so(begun: Home) -> None:
    with watched(begun) as daemon, begun.airbook() as airbook:
        stop_while_idle(daemon.process, airbook)
        airbook.execute(Reserve(1, "kim"))
        with locked(begun.kept):
            daemon.process.send_signal(signal.SIGCONT)
            until(lambda: not daemon.decides(), "the daemon to be unhealthy")
            found = daemon.component("decisions")
            assert daemon.component("views") == {"status": "UP"}
            if begun.url is None:
                holder = found["details"].pop("holder")
                assert f"process {holder} has kept it locked" in found["details"]["waits_for"]
                assert found["details"]["code"] == "store_busy"
            assert daemon.ask(f"{HEALTH}/readiness").code == 503
            assert daemon.ask(f"{HEALTH}/liveness").code == 200
        until(daemon.is_up, "the daemon to be healthy again")
        all_decided(begun)


def test_a_daemon_whose_disk_is_full_says_so(small_disk: Path) -> None:
    home, ballast = Home(small_disk), small_disk / "ballast"
    begin(home)
    with home.airbook() as airbook, watched(home) as daemon:
        stop_while_idle(daemon.process, airbook)
        reserve(airbook, 3)
        fill(ballast)
        daemon.process.send_signal(signal.SIGCONT)
        until(lambda: not daemon.decides(), "the daemon to be unhealthy")
        sentence = f"The store {home.store} could not be written: the disk is full or failing."
        assert daemon.component("decisions") == {
            "status": "DOWN",
            "details": {"waits_for": sentence, "code": "store_full"},
        }
        ballast.unlink()
        until(daemon.is_up, "the daemon to be healthy again")
        all_decided(home)


def test_a_daemon_whose_server_is_away_says_so(served: Home, server: Server) -> None:
    begin(served)
    with watched(served) as daemon:
        server.stop()
        until(lambda: not daemon.decides(), "the daemon to be unhealthy")
        details = daemon.component("decisions")["details"]
        assert (details["code"], "cannot be reached" in details["waits_for"]) == (
            "store_unreachable",
            True,
        )
        server.start()
        until(daemon.is_up, "the daemon to be healthy again")


def test_a_daemon_whose_store_was_taken_away_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path)
    begin(home)
    with watched(home) as daemon:
        elsewhere = tmp_path / "elsewhere.db"
        home.store.rename(elsewhere)
        until(lambda: daemon.component("store")["status"] == "DOWN", "the store to be missed")
        assert daemon.component("store")["details"]["code"] == "store_gone"
        assert daemon.component("readinessState")["details"] == {"phase": "starting"}
