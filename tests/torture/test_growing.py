"""The write-ahead log stays small, however much is written and whoever reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.growing import stays_small
from tests.torture.figures import Tell

pytestmark = pytest.mark.torture


def test_twenty_thousand_reservations_with_a_reader(tmp_path: Path, record_property: Tell) -> None:
    most = stays_small(tmp_path, requests=20_000)
    record_property("largest write-ahead log", f"{most / 1024 / 1024:.1f} MiB")
