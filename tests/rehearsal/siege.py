"""Siege with the clients of the original's walkthrough, and what its report says."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from tests.containers import sieging
from tests.containers.sieging import Report

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

    def __init__(self, siege: sieging.Siege, bound: float) -> None:
        """bound: the seconds in which it has ended."""
        self._siege = siege
        self._bound = bound

    @property
    def is_running(self) -> bool:
        """Return whether siege still sends requests."""
        return self._siege.is_running

    def ended(self) -> Loaded:
        """Wait for its end, and return its report."""
        said = self._siege.said(self._bound)
        elapsed = re.search(r"^Elapsed time:\s+([\d.]+)", said, re.MULTILINE)
        assert elapsed, said[-2000:]
        return Loaded(said, float(elapsed[1]))

    def lift(self) -> Loaded:
        """End it now, and return its report."""
        self._siege.interrupt()
        return self.ended()


@contextmanager
def besieged(requests: Sequence[str], clients: int, seconds: float) -> Generator[Siege]:
    """Siege for the duration of a block, and `seconds` at most."""
    pace = ("-b", "-t", f"{seconds:.0f}S")
    with TemporaryDirectory() as folder:
        siege = sieging.Siege(requests, Path(folder), clients, pace)
        try:
            yield Siege(siege, seconds + GRACE)
        finally:
            siege.kill()
