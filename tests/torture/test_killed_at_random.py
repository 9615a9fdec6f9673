"""Processes are killed at any moment, and the others go on."""

from __future__ import annotations

import os
import random

import pytest

from tests.faults.failing_over import failed_over
from tests.faults.killing_at_random import killed_at_random
from tests.support.home import Home
from tests.torture.figures import Record, record_percentiles

pytestmark = pytest.mark.torture

KILLS = int(os.environ.get("AIRBOOK_KILLS", "100"))  # a thousand take ten minutes a store


def test_daemons_and_reservers_are_killed_at_random(home: Home, record_property: Record) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    killed_at_random(home, kills=KILLS, seed=seed)


def test_another_daemon_takes_over(home: Home, record_property: Record) -> None:
    record_percentiles(record_property, failed_over(home, times=100))
