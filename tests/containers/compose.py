"""The stacks in docker/, started by docker compose, each test with names and a port of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import yaml

from tests.containers.containers import PATIENCE, Container, Said
from tests.containers.engine import LABEL, Engine
from tests.support.home import ROOT

STOP_SECONDS = "10"


class Stack:
    """The services of compose files, of which each changes the one before it."""

    def __init__(self, engine: Engine, files: Sequence[Path], settings: Mapping[str, str]) -> None:
        """settings: the variables of the compose files."""
        self.engine = engine
        self.project = f"airbook-test-{uuid.uuid4().hex[:8]}"
        self.command = [*compose(engine), "-p", self.project, *file_options(files)]
        self._environment = {**os.environ, **settings}

    def run(self, *words: str, check: bool = True) -> Said:
        """Run a command of compose. Raises AssertionError if it must not fail."""
        ran = subprocess.run(
            [*self.command, *words],
            check=False,
            capture_output=True,
            text=True,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            timeout=2 * PATIENCE,
        )
        answer = Said(ran.returncode, ran.stdout, ran.stderr)
        assert not check or ran.returncode == 0, answer
        return answer

    def container(self, service: str) -> Container:
        """Return the container of a service."""
        return Container(self.engine, self.run("ps", "-q", service).out.split()[0])

    def down(self) -> None:
        """Remove everything, the volumes too."""
        self.run("down", "--volumes", "--timeout", STOP_SECONDS)


def compose(engine: Engine) -> Sequence[str]:
    """Return the command of compose, which is a plug-in of newer clients."""
    if engine.run("compose", "version", check=False).returncode == 0:
        return (engine.program, "compose")
    own = shutil.which(f"{Path(engine.program).name}-compose")
    if own is None:
        pytest.skip("No stack can be started: docker-compose is not installed.")
    return (own,)


def labelled(file: Path, folder: Path) -> Sequence[Path]:
    """Return a compose file and another one, in a folder, that labels its containers."""
    services = yaml.decode(file.read_text())["services"]
    labels = {service: {"labels": {LABEL: file.name}} for service in services}
    added = folder / "labels.yaml"
    added.write_text(json.dumps({"services": labels}))
    return (file, added)


def file_options(files: Sequence[Path]) -> Sequence[str]:
    """Return the options that name compose files."""
    return [word for file in files for word in ("-f", str(file))]


@contextmanager
def stack(engine: Engine, file: str, settings: Mapping[str, str]) -> Generator[Stack]:
    """Yield the stack of a file in docker/; nothing of it runs yet, and nothing is left of it."""
    with tempfile.TemporaryDirectory() as folder:
        started = Stack(engine, labelled(ROOT / "docker" / file, Path(folder)), settings)
        try:
            yield started
        finally:
            started.down()
