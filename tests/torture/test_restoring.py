"""Views that are newer than the restored log are rebuilt, whatever happened before and after."""

from __future__ import annotations

import random

import pytest

from tests.faults.restoring import older_log_beside_newer_views
from tests.support.home import Home
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("turn", range(10))
def test_an_older_log_is_restored(home: Home, record_property: Record, turn: int) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    grown, decided = seed % 60, bool(turn % 2)
    older_log_beside_newer_views(home, grown=grown, decided=decided, seed=seed)
