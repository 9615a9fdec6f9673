"""The write-ahead log stays small while processes write and read."""

from __future__ import annotations

from pathlib import Path

from tests.faults.growing import dashboard, reader, stays_small


def test_a_thousand_reservations_with_a_reader(tmp_path: Path) -> None:
    assert stays_small(tmp_path, reader, requests=1_000) > 0


def test_a_thousand_reservations_before_a_dashboard(tmp_path: Path) -> None:
    assert stays_small(tmp_path, dashboard, requests=1_000) > 0
