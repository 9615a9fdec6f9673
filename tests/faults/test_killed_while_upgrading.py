"""A command that is killed while it brings an older store up to date loses nothing."""

from __future__ import annotations

from pathlib import Path

from tests.faults.killing import SCENES, is_killed_at, set_up
from tests.faults.trace import calls_of, some_of
from tests.support.schema_1 import make_schema_1, schema_of

KILLS = 4


def test_killed_at_a_few_writes(tmp_path: Path) -> None:
    scene = SCENES["a reservation"]
    before, acknowledged = set_up(scene, tmp_path / "before")
    make_schema_1(before.kept)
    for number, call in enumerate(
        some_of(calls_of(before.copy(tmp_path / "counted"), scene.command), KILLS)
    ):
        home = before.copy(tmp_path / str(number))
        assert schema_of(home.kept) == 1
        is_killed_at(home, scene, call, acknowledged)
        assert schema_of(home.kept) == 2
