"""Processes die at any moment, and the others go on."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import quantiles

import pytest

from tests.faults.failing_over import failed_over
from tests.faults.killing_at_random import killed_at_random
from tests.torture.figures import Tell

pytestmark = pytest.mark.torture


def test_daemons_and_reservers_are_killed_at_random(tmp_path: Path, record_property: Tell) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    killed_at_random(tmp_path, kills=100, seed=seed)


def test_another_daemon_takes_over(tmp_path: Path, record_property: Tell) -> None:
    cuts = quantiles(failed_over(tmp_path, times=100), n=100)
    record_property("p50", f"{cuts[49] * 1000:.0f} ms")
    record_property("p99", f"{cuts[98] * 1000:.0f} ms")
