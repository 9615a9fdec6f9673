"""A process that is killed at a write loses nothing that was acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.killing import SCENES, killed_at_its_writes, killed_beside_a_daemon
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


@pytest.mark.parametrize("name", SCENES)
def test_killed_at_each_of_its_writes(name: str, tmp_path: Path, record_property: Record) -> None:
    record_property("kills", killed_at_its_writes(SCENES[name], tmp_path, None))


def test_killed_at_each_write_beside_a_daemon(tmp_path: Path, record_property: Record) -> None:
    record_property("kills", killed_beside_a_daemon(tmp_path, None))
