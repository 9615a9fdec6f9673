"""Gateways and daemons are killed at any moment, and what was acknowledged over HTTP is kept."""

from __future__ import annotations

import os
import random

import pytest

from tests.gateway.killing import serving_while_killed
from tests.support.home import Home
from tests.torture.figures import Record

pytestmark = pytest.mark.torture

KILLS = int(os.environ.get("AIRBOOK_KILLS", "100")) // 2


def test_gateways_and_daemons_are_killed(home: Home, record_property: Record) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    acknowledged = serving_while_killed(home, kills=KILLS, seed=seed, clients=32)
    record_property("acknowledged", acknowledged)
