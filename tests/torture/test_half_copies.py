"""A copy that was killed again and again is used by nobody, and is finished in the end."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.half_copies import begun, killed_copies
from tests.support.home import Home
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Return a home without a store, in a folder or in an empty database."""
    is_file = request.param == "sqlite"
    return Home(tmp_path / "to", None if is_file else request.getfixturevalue("database"))


def test_a_copy_is_killed_thirty_times(
    target: Home, tmp_path: Path, record_property: Record
) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    source = Home(tmp_path / "from")
    begun(source, requests=20_000)
    halves = killed_copies(source, target, times=30, seed=seed)
    record_property("half-made copies", halves)
    assert halves > 0
