"""Siege with the clients of the original's walkthrough, and what its report says."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from tests.containers.sieging import Report, settings

GRACE = 60.0  # seconds that siege may take to end
TRANSACTION = re.compile(
    r"^HTTP/1\.1 (?P<status>\d{3})\s+(?P<seconds>[\d.]+) secs:.* ==> (?P<method>\w+)", re.MULTILINE
)


class Loaded(Report):
    """The report of a siege, with the seconds of each answer, which siege gives in hundredths."""

    def __init__(self, said: str, seconds: float) -> None:
        """said: everything that siege printed. seconds: how long it ran."""
        super().__init__(said)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
        self.answers = [float(one["seconds"]) for one in TRANSACTION.finditer(plain)]
        self.seconds = seconds

    @property
    def rate(self) -> float:
        """Return the answers in a second."""
        return self.transactions / self.seconds

    @property
    def p99(self) -> float:
        """Return the seconds in which 99 of 100 requests were answered."""
        return quantiles(self.answers, n=100)[98]

    @property
    def received(self) -> int:
        """Return how many reservations were acknowledged."""
        return self.answered["POST", 201]


class Siege:
    """A siege that runs until it is lifted or its time is over."""

    def __init__(self, requests: Sequence[str], clients: int, seconds: float) -> None:
        """requests: http://host/path, or http://host/path POST {…}."""
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        listed, self._said = folder / "requests", folder / "said"
        listed.write_text("\n".join(requests) + "\n")
        with self._said.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    *("siege", "-R", settings(folder), "-f", listed, "-c", str(clients), "-i"),
                    *("-b", "-t", f"{seconds:.0f}S", "--content-type", "application/json"),
                ],
                env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._bound = seconds + GRACE
        self.report: Loaded | None = None

    @property
    def is_running(self) -> bool:
        """Return whether siege still sends requests."""
        return self._process.poll() is None

    def ended(self) -> Loaded:
        """Wait for its end, and return its report."""
        self._process.wait(self._bound)
        said = self._said.read_text(errors="replace")
        elapsed = re.search(r"^Elapsed time:\s+([\d.]+)", said, re.MULTILINE)
        assert elapsed, said[-2000:]
        return Loaded(said, float(elapsed[1]))

    def lift(self) -> Loaded:
        """End it now, and return its report."""
        self._process.send_signal(signal.SIGINT)
        return self.ended()

    def close(self) -> None:
        """End it without a report, and remove its files."""
        self._process.kill()
        self._process.wait(GRACE)
        self._folder.cleanup()


@contextmanager
def besieged(requests: Sequence[str], clients: int, seconds: float) -> Generator[Siege]:
    """Siege for the duration of a block, and `seconds` at most."""
    siege = Siege(requests, clients, seconds)
    try:
        yield siege
    finally:
        siege.close()
