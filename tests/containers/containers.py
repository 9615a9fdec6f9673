"""Containers of the image, volumes, and commands in them."""

from __future__ import annotations

import json
import re
import shlex
import time
import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

from tests.containers.engine import LABEL, Engine
from tests.support.waiting import until

PATIENCE = 300.0  # seconds, a hang
SAFE = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")
DAEMON = ("daemon", "--health-port", "9100")
SERVE = ("serve", "--host", "0.0.0.0", "--without-tokens")  # noqa: S104 -- of its own network


class Address(NamedTuple):
    """Where a gateway in a container answers."""

    host: str
    port: int

    def ask(self, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 -- JSON
        """Send a request; return the JSON of the answer. Raises OSError if there is none."""
        connection = HTTPConnection(self.host, self.port, timeout=PATIENCE)
        with closing(connection):
            sent = None if body is None else json.dumps(body)
            typed = {"Content-Type": "application/json", **headers}
            connection.request("GET" if sent is None else "POST", path, sent, typed)
            try:
                return json.loads(connection.getresponse().read())
            except HTTPException as error:
                raise ConnectionError from error


class Said(NamedTuple):
    """How a command in a container ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 -- JSON
        """Return the output as JSON."""
        return json.loads(self.out)


class Container:
    """A container that runs in the background."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name

    def __call__(self, *words: str, user: str = "") -> Said:
        """Run airbook in this container."""
        options = [f"--user={user}"] if user else []
        return said(self.engine, "exec", *options, self.name, "airbook", *words)

    def state(self) -> Mapping[str, Any]:
        """Return what the engine says of it."""
        [found] = json.loads(self.engine.printed("inspect", self.name))
        return {**found["State"], "RestartCount": found["RestartCount"]}

    def health(self) -> str:
        """Return starting, healthy or unhealthy."""
        return str(self.state()["Health"]["Status"])

    def await_health(self) -> None:
        """Wait until it is healthy."""
        until(lambda: self.health() == "healthy", f"{self.name} to be healthy", PATIENCE)

    def address(self) -> str:
        """Return its address in the network of the engine."""
        return self.engine.printed(
            "inspect",
            "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            self.name,
        )

    def memory(self) -> int:
        """Return the bytes that its processes have for themselves, and of libraries."""
        code = (
            "import contextlib, os, pathlib\n"
            "lines = []\n"
            "for one in pathlib.Path('/proc').glob('[0-9]*'):\n"
            "    with contextlib.suppress(OSError):\n"  # it has ended meanwhile
            "        is_probe = b'/airbook-probe' in (one / 'cmdline').read_bytes()\n"
            "        if not is_probe and one.name != str(os.getpid()):\n"
            "            lines += (one / 'smaps_rollup').read_text().splitlines()\n"
            "print(sum(int(line.split()[1]) for line in lines if line.startswith('Pss:')))"
        )
        python = "/opt/airbook/bin/python"
        return 1024 * int(self.engine.printed("exec", self.name, python, "-c", code))

    def logs(self) -> str:
        """Return what it has written to both its outputs."""
        ran = self.engine.run("logs", self.name)
        return (ran.stdout + ran.stderr).decode(errors="replace")

    def signal(self, name: str, *, process: str = "") -> None:
        """Send a signal to its init, or with `process` to the command that its init has started.

        The image has no `kill`, so its Python sends it.
        """
        if not process:
            self.engine.run("kill", f"--signal={name}", self.name)
            return
        code = (
            "import contextlib, os, signal, pathlib\n"
            "for p in pathlib.Path('/proc').glob('[0-9]*'):\n"
            "    with contextlib.suppress(OSError):\n"  # it has ended meanwhile
            f"        if b'/airbook\\0{process}' in (p / 'cmdline').read_bytes():\n"
            f"            os.kill(int(p.name), signal.{name})\n"
        )
        python = "/opt/airbook/bin/python"
        self.engine.run("exec", self.name, python, "-c", code)


def said(engine: Engine, *words: str) -> Said:
    """Run a command of the engine that may fail."""
    ran = engine.run(*words, check=False, seconds=PATIENCE)
    return Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


class Machine:
    """Where containers of the image run: volumes and containers, which end with a test."""

    def __init__(self, engine: Engine, image: str) -> None:
        self.engine = engine
        self.image = image
        self._mark = f"--label={LABEL}={uuid.uuid4().hex}"

    def volume(self) -> str:
        """Create an empty volume."""
        return self.engine.printed("volume", "create", self._mark, f"{LABEL}-{uuid.uuid4().hex}")

    def start(self, volume: str, *words: str, options: Sequence[str] = ()) -> Container:
        """Start a container in the background, with as few rights as it needs."""
        name = f"{LABEL}-{words[0]}-{uuid.uuid4().hex[:8]}"
        mounted = ["--volume", f"{volume}:/data"]
        begin = ["run", "--detach", f"--name={name}", self._mark, *SAFE, *mounted, *options]
        self.engine.run(*begin, self.image, *words)
        return Container(self.engine, name)

    def run(self, volume: str, *words: str, options: Sequence[str] = ()) -> Said:
        """Run a command in a container that ends with it."""
        begin = ["run", "--rm", self._mark, *SAFE, "--volume", f"{volume}:/data", *options]
        return said(self.engine, *begin, self.image, *words)

    def at_a_terminal(self, volume: str, *words: str, options: Sequence[str] = ()) -> str:
        """Return the shell command that runs a command on the terminal that the shell has."""
        begin = [self.engine.program, "run", "--rm", "-it", self._mark, *SAFE, "--no-healthcheck"]
        return shlex.join([*begin, "--volume", f"{volume}:/data", *options, self.image, *words])

    def clean(self) -> None:
        """Remove every container and volume of this machine."""
        marked = self._mark.replace("--label=", "label=")
        for kind, remove in (("ps", ["rm", "--force"]), ("volume", ["volume", "rm", "--force"])):
            listing = ["ps", "-aq"] if kind == "ps" else ["volume", "ls", "-q"]
            found = self.engine.printed(*listing, f"--filter={marked}").split()
            if found:
                self.engine.run(*remove, *found)


@contextmanager
def machine(engine: Engine, image: str) -> Generator[Machine]:
    """Yield a machine that is cleaned at the end."""
    running = Machine(engine, image)
    try:
        yield running
    finally:
        running.clean()


def events_since(engine: Engine, begun: float, name: str) -> Mapping[str, float]:
    """Return when something happened to a container for the first time, by what happened.

    begun: since when, in seconds since 1970, as are the results.
    """
    ran = engine.printed(
        *("events", f"--since={begun:.3f}", f"--until={time.time():.3f}"),
        *(f"--filter=container={name}", "--format={{.TimeNano}} {{.Status}}"),
    )
    # An executed command is an event too, with the lines of its code.
    happened = re.findall(r"^(\d{19}) (.+)$", ran, re.MULTILINE)
    return {what: int(nanoseconds) / 1e9 for nanoseconds, what in reversed(happened)}
