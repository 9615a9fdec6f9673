"""Siege: many clients that send requests of a list, and the report of how many were answered."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

CLIENTS = 20
SECONDS = 60.0
# Siege writes its settings when it first runs: these hide what a test reads, or ask for more
# than the list names.
CHANGED = {"json_output": "false", "logging": "false", "parser": "false", "verbose": "true"}


class Report:
    """What siege says at its end. answered: how often each status came to each method."""

    def __init__(self, said: str) -> None:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
        self.said = plain[-4000:]
        self.answered = Counter(
            (method, int(status))
            for status, method in re.findall(
                r"^HTTP/1\.1 (\d{3}) .* ==> (\w+) ", plain, re.MULTILINE
            )
        )
        self._figures = dict(re.findall(r"^([A-Z][\w ]+):\s+([\d.]+)", plain, re.MULTILINE))

    @property
    def availability(self) -> float:
        """Return how many of a hundred requests were answered without an error."""
        return float(self._figures["Availability"])

    @property
    def failed(self) -> int:
        return int(self._figures["Failed transactions"])

    @property
    def transactions(self) -> int:
        return int(self._figures["Transactions"])


def settings(folder: Path) -> Path:
    """Return a file of siege's own settings with some of them changed."""
    own = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run(["siege", "-C"], env=own, capture_output=True, check=False)
    changed = folder / "siegerc"
    lines = (folder / ".siege/siege.conf").read_text().splitlines()
    kept = [line for line in lines if not re.match(rf"({'|'.join(CHANGED)})\s*=", line)]
    changed.write_text("\n".join([*kept, *map(" = ".join, CHANGED.items())]))
    return changed


class Siege:
    """A siege that runs until it is lifted, or its time is over."""

    def __init__(
        self,
        requests: Sequence[str],
        folder: Path,
        clients: int = CLIENTS,
        pace: Sequence[str] = ("-d", "0", "-t", "30M"),
    ) -> None:
        """requests: lines such as http://host/path, or http://host/path POST {…}.

        pace: the options for its pauses and its time.
        """
        listed = folder / "requests"
        listed.write_text("\n".join(requests) + "\n")
        self._said = folder / "siege.log"
        with self._said.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *("siege", "-R", settings(folder), "-f", listed, "-c", str(clients)),
                    *("-i", *pace, "--content-type", "application/json"),
                ],
                env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def is_running(self) -> bool:
        """Return whether siege still sends requests."""
        return self._process.poll() is None

    def said(self, seconds: float = SECONDS) -> str:
        """Wait for its end; return everything that it printed."""
        self._process.wait(seconds)
        return self._said.read_text(errors="replace")

    def lift(self) -> Report:
        """End the siege and return its report."""
        self.interrupt()
        return Report(self.said())

    def interrupt(self) -> None:
        """Let it end now."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(SECONDS)


@contextmanager
def sieging(requests: Sequence[str], folder: Path) -> Generator[Siege]:
    """Siege for the duration of a block."""
    assert shutil.which("siege"), "siege is not installed: apt-get install siege"
    siege = Siege(requests, folder)
    try:
        yield siege
    finally:
        siege.kill()
