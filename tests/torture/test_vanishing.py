"""A store is removed and replaced again and again under a daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.vanishing import FATES, under_a_daemon

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("fate", FATES)
def test_a_daemon_outlives_twenty_files(fate: str, tmp_path: Path) -> None:
    under_a_daemon(tmp_path, FATES[fate], times=20)
