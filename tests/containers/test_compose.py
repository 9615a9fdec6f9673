"""docker/compose.yaml: the walkthrough of the original system, and all that is started with it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from tests.containers.building import version
from tests.containers.compose import Stack, stack
from tests.containers.containers import Address, Said
from tests.containers.engine import Engine
from tests.gateway.documented import printed_by, printed_in
from tests.gateway.test_walkthrough import WALKTHROUGH
from tests.support.ports import reserved_port


@dataclass(frozen=True)
class Inside:
    """Runs the commands of airbook in the container of the gateway."""

    stack: Stack
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def __call__(self, *words: str) -> Said:
        return self.stack.container("gateway")(*words)


@pytest.fixture
def port() -> Iterator[str]:
    with reserved_port() as found:
        yield str(found)


def test_the_stack_answers_the_walkthrough(engine: Engine, image: str, port: str):
    settings = {"AIRBOOK_PORT": port, "AIRBOOK_VERSION": version()}
    with stack(engine, "compose.yaml", settings) as started:
        assert started.run("up", "--detach", check=False).code == 0
        for service in ("gateway", "daemon"):
            started.container(service).await_health()
        gateway = Address("127.0.0.1", int(port))
        started.run("stop", "daemon")  # the walkthrough says when a daemon decides
        assert printed_by(WALKTHROUGH, gateway, Inside(started)) == printed_in(WALKTHROUGH)
        started.run("start", "daemon")
        airplane = gateway.ask("/api/v1/airplanes", {"seats": 1})["id"]
        wish = {"airplane": airplane, "customer": "han"}
        decided = gateway.ask("/api/v1/reservations", wish, Prefer="wait=60")
        assert (decided["status"], decided["seat"]) == ("approved", 1)


def test_its_containers_may_do_little(engine: Engine, image: str, port: str):
    settings = {"AIRBOOK_PORT": port, "AIRBOOK_VERSION": version()}
    with stack(engine, "compose.yaml", settings) as started:
        started.run("up", "--detach")
        for service in ("gateway", "daemon"):
            shown = engine.printed("inspect", started.container(service).name)
            [found] = json.loads(shown)
            host = found["HostConfig"]
            assert (host["ReadonlyRootfs"], host["CapDrop"], host["SecurityOpt"]) == (
                True,
                ["ALL"],
                ["no-new-privileges:true"],
            )
            assert found["Config"]["User"] == "10001:10001"
