"""The health of the gateway: of the store that answers, and of the daemon that progresses."""

from __future__ import annotations

import asyncio
import signal
import threading
import time

from airbook.application.commands import Reserve
from airbook.application.observability.observer import observers
from airbook.gateway.actuator import Actuator
from airbook.gateway.store_access import StoreAccess
from tests.gateway.server import Gateway, serving
from tests.support.home import Home
from tests.support.locking import locked
from tests.support.stopping import stop_while_idle
from tests.support.waiting import until

HEALTH = "/actuator/health"
SPRING = "application/vnd.spring-boot.actuator.v3+json"


def status(gateway: Gateway, name: str) -> str:
    found: str = gateway.get(f"{HEALTH}/{name}").document["status"]
    return found


def test_a_gateway_with_a_daemon_is_healthy(either: Home) -> None:
    with either.daemon(), serving(either) as gateway:
        reply = gateway.get(HEALTH)
        document = reply.document
        for name in ("daemon", "readinessState"):
            assert document["components"][name]["details"].pop("heartbeat_age_seconds") < 3
        assert (reply.status, reply.header("content-type")) == (200, SPRING)
        assert document == {
            "status": "UP",
            "components": {
                "livenessState": {"status": "UP"},
                "readinessState": {"status": "UP", "details": {"daemon": "UP"}},
                "store": {"status": "UP", "details": {"position": 0}},
                "daemon": {"status": "UP", "details": {}},
            },
            "groups": ["liveness", "readiness"],
        }


def test_without_a_daemon_it_is_ready_and_not_healthy(home: Home) -> None:
    with serving(home) as gateway:
        assert gateway.get(f"{HEALTH}/liveness").document == {
            "status": "UP",
            "components": {"livenessState": {"status": "UP"}},
        }
        ready = gateway.get(f"{HEALTH}/readiness")
        assert (ready.status, ready.document) == (
            200,
            {
                "status": "UP",
                "components": {
                    "readinessState": {
                        "status": "UP",
                        "details": {"daemon": "DOWN", "waits_for": "a daemon"},
                    },
                    "store": {"status": "UP", "details": {"position": 0}},
                },
            },
        )
        assert gateway.get(HEALTH).status == 503
        assert gateway.get(f"{HEALTH}/nonsense").status == 404


def test_a_stopped_daemon_is_down(either: Home) -> None:
    with either.daemon() as daemon, serving(either) as gateway:
        assert status(gateway, "daemon") == "UP"
        daemon.send_signal(signal.SIGSTOP)
        until(lambda: status(gateway, "daemon") == "DOWN", "the daemon to be missed")
        assert (status(gateway, "readiness"), gateway.get(HEALTH).status) == ("UP", 503)
        daemon.send_signal(signal.SIGCONT)
        until(lambda: status(gateway, "daemon") == "UP", "the daemon")


def test_a_daemon_that_is_stuck_is_down(either: Home) -> None:
    assert either.here("admin", "add-plane", "--seats", "2").code == 0
    with either.daemon() as daemon, serving(either) as gateway, either.airbook() as airbook:
        stop_while_idle(daemon, airbook)
        airbook.execute(Reserve(1, "kim"))
        with locked(either.kept):
            daemon.send_signal(signal.SIGCONT)
            until(lambda: status(gateway, "daemon") == "DOWN", "the daemon to be stuck")
            assert status(gateway, "readiness") == "UP"
        until(lambda: status(gateway, "daemon") == "UP", "the daemon")


def test_a_store_that_is_gone_is_down_and_the_gateway_alive(home: Home) -> None:
    with serving(home) as gateway:
        home.store.rename(home.folder / "elsewhere.db")
        ready = gateway.get(f"{HEALTH}/readiness")
        assert ready.status == 503
        assert ready.document["components"]["store"] == {
            "status": "DOWN",
            "details": {"waits_for": "the store", "code": "store_missing"},
        }
        assert gateway.get(f"{HEALTH}/liveness").status == 200


def test_a_gateway_that_drains_is_alive_and_not_ready(home: Home) -> None:
    with serving(home, "--drain", "60s") as gateway:
        gateway.process.send_signal(signal.SIGTERM)
        until(lambda: status(gateway, "readinessState") == "OUT_OF_SERVICE", "it to be drained")
        assert gateway.get(f"{HEALTH}/readiness").status == 503
        assert gateway.get(f"{HEALTH}/liveness").status == 200
        while not gateway.process.has_ended():  # a signal right after the first one is ignored
            gateway.process.send_signal(signal.SIGTERM)
            time.sleep(0.1)


def test_an_actuator_that_closes_waits_for_its_threads(home: Home) -> None:
    assert home.here("reserve", "1").code == 0

    async def ask_and_close() -> list[str]:
        actuator = Actuator(StoreAccess(home.airbook), observers("test", figures=False))
        asking = [asyncio.create_task(actuator.health(HEALTH, "")) for _ in range(20)]
        await asyncio.sleep(0)  # every question is with the threads
        actuator.close()
        left = [one.name for one in threading.enumerate() if one.name.startswith("actuator")]
        for one in asking:
            one.cancel()
        await asyncio.wait(asking)
        return left

    assert asyncio.run(ask_and_close()) == []
