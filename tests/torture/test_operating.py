"""A request is judged by what was true when it was made, however often the daemon is late."""

from __future__ import annotations

import random

import pytest

from tests.faults.operating import operated_at_random
from tests.support.home import Home
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


def test_a_late_daemon_decides_as_one_that_keeps_up(home: Home, record_property: Record) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    operated_at_random(home, turns=100, seed=seed)
