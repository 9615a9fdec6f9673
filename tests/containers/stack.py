"""The stack of compose.postgres.yaml as it runs, with a project name and ports of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.containers.compose import file_options, labelled
from tests.containers.engine import Engine, NoEngineError
from tests.gateway.server import Address
from tests.support.ports import reserved_port
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker/compose.postgres.yaml"
SECONDS = 300.0
GRACE = "20"  # seconds that a container may take to end


def compose_command(engine: Engine, name: str) -> Sequence[str]:
    """Return a command that reads compose files. Raises NoEngineError if it is not installed."""
    words = (name,) if name == "docker-compose" else (engine.program, "compose")
    if shutil.which(words[0]):
        asked = subprocess.run([*words, "version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return words
    raise NoEngineError(f"{name} is not installed")


class Stack:
    """A running stack.

    port: of the proxy. base: its address. secrets: the folder of the passwords.
    """

    def __init__(
        self, engine: Engine, command: Sequence[str], images: Mapping[str, str], folder: Path
    ) -> None:
        """command: reads compose files. images: by variable of the file. folder: for the files."""
        self._engine = engine
        self._containers = dict[str, str]()
        self._ports = ExitStack()
        self.port = self._ports.enter_context(reserved_port())
        self._monitoring = self._ports.enter_context(reserved_port())
        self.base = f"http://127.0.0.1:{self.port}"
        self._name = f"airbook-{uuid4().hex[:8]}"
        file = copied(folder)
        self.secrets = file.parent / "secrets"
        self._command = [*command, "-p", self._name, *file_options(labelled(file, folder))]
        ports = {"AIRBOOK_PORT": str(self.port), "PROMETHEUS_PORT": str(self._monitoring)}
        self._environment = {**os.environ, **images, **ports}

    def compose(self, *words: str) -> str:
        """Run a command of compose, and return what it prints."""
        ended = subprocess.run(
            [*self._command, *words],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def docker(self, *words: str) -> str:
        """Run a command of the engine, and return what it prints."""
        return self._engine.printed(*words, seconds=SECONDS)

    def is_well(self, container: str) -> bool:
        """Return whether a container runs, and is healthy if it tells."""
        state = json.loads(self.docker("inspect", "--format", "{{json .State}}", container))
        health = state.get("Health") or {"Status": "healthy"}
        return (state["Status"], health["Status"]) == ("running", "healthy")

    def airbook(self, *words: str) -> str:
        """Run airbook in the container of a daemon, and return what it prints."""
        return self.docker("exec", self.container("daemon-1"), "airbook", *words)

    def container(self, service: str) -> str:
        """Return the name of the container of a service, which it keeps when it is restarted."""
        if service not in self._containers:
            self._containers[service] = self.compose("ps", "-a", "-q", service).strip()
        return self._containers[service]

    def restart(self, service: str) -> None:
        """Restart a part, and wait until it is healthy again.

        The proxy begins anew without closing its sockets, as operators restart it.
        """
        container = self.container(service)
        again = ("kill", "-s", "USR2") if service == "proxy" else ("restart", "-t", GRACE)
        self.docker(*again, container)
        until(lambda: self.is_well(container), f"{service} to be healthy", SECONDS)

    def ask_prometheus(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        """Return what Prometheus answers; None while it does not answer."""
        try:
            reply = Address(self._monitoring).get(f"/api/v1/{path}")
        except (OSError, HTTPException):
            return None
        return reply.document["data"] if reply.status == HTTPStatus.OK else None

    def firing(self) -> set[str] | None:
        """Return the names of the alerts that fire; None while Prometheus does not answer."""
        found: dict[str, Any] | None = self.ask_prometheus("alerts")
        if found is None:
            return None
        return {one["labels"]["alertname"] for one in found["alerts"] if one["state"] == "firing"}

    def memory(self, service: str) -> float:
        """Return how much memory a container uses, in MiB: without the cache of files."""
        used = self.docker(
            "stats", "--no-stream", "--format", "{{.MemUsage}}", self.container(service)
        )
        amount = used.partition(" / ")[0]
        return float(amount.removesuffix("MiB"))

    def close(self) -> None:
        """Remove the containers with their volumes and networks."""
        with self._ports:
            self.compose("down", "--volumes", "--timeout", "10")


def copied(folder: Path) -> Path:
    """Copy what the stack reads, and make its secrets there; returns the compose file."""
    for name in ("docker", "deploy"):
        ignored = shutil.ignore_patterns("secrets")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored, dirs_exist_ok=True)
    subprocess.run([folder / "docker/make-secrets"], check=True)
    return folder / "docker" / FILE.name


@contextmanager
def running(
    engine: Engine, command: Sequence[str], images: Mapping[str, str], folder: Path
) -> Generator[Stack]:
    """Run the stack for the duration of a block. images: by variable of the compose file."""
    stack = Stack(engine, command, images, folder)
    try:
        stack.compose("up", "-d")
        yield stack
    except BaseException:
        print(stack.compose("ps"), stack.compose("logs", "--tail", "60"))
        raise
    finally:
        stack.close()
