"""An idle daemon does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.idling import idles

pytestmark = pytest.mark.torture


def test_a_minute_without_work(tmp_path: Path) -> None:
    idles(tmp_path, seconds=60)
