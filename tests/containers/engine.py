"""The engine that builds images and runs containers: docker, or what stands in for it."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

LABEL = "airbook-test"  # of every container and volume of the tests
START_SECONDS = 60.0
ANSWER_SECONDS = 10.0
SOCKET = "unix:///var/run/docker.sock"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "airbook-images"
# Since 23 docker builds only with a plug-in, which a client from elsewhere may lack.
NEEDS_PLUGIN = 23
# What apt, pip and the engines say where the network or a name server cannot be reached.
UNREACHABLE = (
    *("could not resolve", "failure resolving", "name resolution", "no such host"),
    *("network is unreachable", "no route to host", "could not connect", "failed to establish"),
    *("connection timed out", "connection refused", "i/o timeout", "read timed out"),
)


class NoEngineError(Exception):
    """No engine can be used; the text says why, in one sentence."""


class Engine:
    """A program that takes the commands of docker, and an engine that answers it."""

    def __init__(self, program: str) -> None:
        self.program = program

    @property
    def is_docker(self) -> bool:
        """Return whether the engine is docker; otherwise it is podman."""
        return Path(self.program).name == "docker"

    def run(
        self, *words: str, check: bool = True, given: bytes | None = None, seconds: float = 600.0
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command. given: its standard input. Raises AssertionError if it must not fail."""
        ran = subprocess.run(
            [self.program, *words],
            check=False,
            capture_output=True,
            input=given,
            timeout=seconds,
            env={**os.environ, "DOCKER_BUILDKIT": "1"},
        )
        assert not check or ran.returncode == 0, (words, ran.stdout, ran.stderr)
        return ran

    def fetch(self, *words: str, seconds: float = 600.0) -> None:
        """Run a command that may need the network. Raises NoEngineError if it is not there."""
        ran = self.run(*words, check=False, seconds=seconds)
        said = (ran.stdout + ran.stderr).decode(errors="replace")
        if ran.returncode and any(one in said.lower() for one in UNREACHABLE):
            msg = f"{Path(self.program).name} {words[0]} needs a network that cannot be reached"
            raise NoEngineError(msg)
        assert ran.returncode == 0, (words, said)

    def printed(self, *words: str, seconds: float = 600.0) -> str:
        """Run a command that must succeed; return what it printed."""
        return self.run(*words, seconds=seconds).stdout.decode().strip()

    def has_image(self, name: str) -> bool:
        """Return whether an image is there."""
        return self.run("image", "inspect", name, check=False).returncode == 0


@cache
def find_engine() -> Engine:
    """Return the engine of this machine; start one if none runs. Raises NoEngineError."""
    why = "no container engine is installed (docker or podman)"
    for program in programs():
        engine = Engine(program)
        if answers(engine):
            return engine
        why = f"{program} has no engine that answers"
        if engine.is_docker:
            try:
                start_dockerd(engine)
            except NoEngineError as error:
                why = str(error)
                continue
            return engine
    raise NoEngineError(why)


def programs() -> Sequence[str]:
    """Return the clients on the path that can build, docker first; ENGINE names the only one."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = (
        found
        for name in os.environ.get("ENGINE", "docker podman").split()
        for folder in folders
        if (found := shutil.which(name, path=folder))
    )
    return [program for program in dict.fromkeys(found) if can_build(program)]


def can_build(program: str) -> bool:
    """Return whether a client can build an image with secrets."""
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)
    version = "".join(one if one.isdigit() else " " for one in said.stdout).split()
    if Path(program).name == "podman" or (version and int(version[0]) < NEEDS_PLUGIN):
        return said.returncode == 0
    plugin = subprocess.run([program, "buildx", "version"], check=False, capture_output=True)
    return plugin.returncode == 0


def answers(engine: Engine) -> bool:
    """Return whether the engine answers."""
    try:
        return engine.run("info", check=False, seconds=ANSWER_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def start_dockerd(engine: Engine) -> None:
    """Start a dockerd at its usual socket, until this process ends. Raises NoEngineError.

    Its layers stay on the disk for the next time. `setpriv` has it ended also when this process is
    killed, which calls no function at its exit.
    """
    dockerd = shutil.which("dockerd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if dockerd is None:
        raise NoEngineError("no docker engine runs, and dockerd is not installed")
    if os.geteuid() != 0:
        raise NoEngineError("no docker engine runs, and only root can start one")
    CACHE.mkdir(parents=True, exist_ok=True)
    log = CACHE / "dockerd.log"
    setpriv = shutil.which("setpriv")
    bound = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*bound, dockerd, "--host", SOCKET],
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not answers(engine):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            said = log.read_text(errors="replace").strip().splitlines()
            raise NoEngineError(f"dockerd does not start: {said[-1] if said else 'it is silent'}")
        time.sleep(0.1)
    atexit.register(process.wait)  # called last
    atexit.register(process.terminate)
