"""A request is judged by what was true when it was made, however late the daemon is."""

from __future__ import annotations

from tests.faults.operating import operated_at_random
from tests.support.home import Home

SEED = 20_261_122


def test_a_late_daemon_decides_as_one_that_keeps_up(home: Home) -> None:
    operated_at_random(home, turns=4, seed=SEED)
