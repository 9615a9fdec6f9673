"""The doctor finds 300 of 300 flipped bits, with and without views."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.faults.flipping import made, unnoticed_flips
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


def test_three_hundred_flipped_bits_are_found(tmp_path: Path, record_property: Record) -> None:
    seed = Random().randrange(2**32)
    record_property("seed", seed)
    assert unnoticed_flips(made(tmp_path / "home"), tmp_path, 300, Random(seed)) == []
