"""Daemons are stopped at any moment, others decide for them, and they wake up later."""

from __future__ import annotations

import random

import pytest

from tests.faults.zombies import stopped_at_random
from tests.support.home import Home
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("partitions", [1, 2])
def test_daemons_are_stopped_at_random(
    home: Home, record_property: Record, partitions: int
) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    replaced = stopped_at_random(home, times=60, seed=seed, partitions=partitions)
    record_property("replaced", replaced)
    assert replaced > 0
