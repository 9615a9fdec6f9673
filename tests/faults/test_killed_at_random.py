"""Processes are killed at any moment, and the others go on."""

from __future__ import annotations

from tests.faults.failing_over import failed_over
from tests.faults.killing_at_random import killed_at_random
from tests.support.home import Home

SEED = 20_261_122


def test_daemons_and_reservers_are_killed_at_random(home: Home) -> None:
    killed_at_random(home, kills=8, seed=SEED)


def test_another_daemon_takes_over(home: Home) -> None:
    failed_over(home, times=2)
