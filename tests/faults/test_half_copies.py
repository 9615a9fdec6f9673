"""A copy that was killed is used by nobody, and is finished by copying again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.half_copies import begun, killed_copies
from tests.support.home import Home

SEED = 20_261_122


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Return a home without a store, in a folder or in an empty database."""
    is_file = request.param == "sqlite"
    return Home(tmp_path / "to", None if is_file else request.getfixturevalue("database"))


def test_a_copy_is_killed(target: Home, tmp_path: Path) -> None:
    source = Home(tmp_path / "from")
    begun(source, requests=3_000)
    assert killed_copies(source, target, times=3, seed=SEED) > 0
