"""A disk is full again and again: the daemon stays, and goes on when there is room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.filling import nothing_grows_for_a_while
from tests.support.home import Home

pytestmark = pytest.mark.torture


def test_a_disk_is_full_ten_times(tmp_path: Path) -> None:
    nothing_grows_for_a_while(Home(tmp_path), times=10)
