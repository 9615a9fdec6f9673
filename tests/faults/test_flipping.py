"""The doctor finds a flipped bit of any event, with and without views; `make torture` flips 300."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.faults.flipping import made, unnoticed_flips


def test_flipped_bits_are_found(tmp_path: Path) -> None:
    assert unnoticed_flips(made(tmp_path / "home"), tmp_path, 30, Random(20_261_130)) == []
