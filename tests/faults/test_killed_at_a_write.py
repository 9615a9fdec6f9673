"""A process that is killed at a write loses nothing that was acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.killing import SCENES, killed_at_its_writes, killed_beside_a_daemon


@pytest.mark.parametrize("name", SCENES)
def test_killed_at_its_first_and_last_write(name: str, tmp_path: Path) -> None:
    assert killed_at_its_writes(SCENES[name], tmp_path, 2) == 2


def test_killed_at_a_few_writes_beside_a_daemon(tmp_path: Path) -> None:
    assert killed_beside_a_daemon(tmp_path, 3) == 3
