"""The write-ahead log stays small while processes write and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.growing import Onlooker, dashboard, reader, stays_small
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("onlooker", [reader, dashboard])
def test_twenty_thousand_reservations_with_a_reader(
    tmp_path: Path, record_property: Record, onlooker: Onlooker
) -> None:
    most = stays_small(tmp_path, onlooker, requests=20_000)
    record_property("largest write-ahead log", f"{most / 1024 / 1024:.1f} MiB")
