"""A full disk is reported in one sentence; with free space, airbook works again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disks import fill
from tests.faults.killing import SCENES, set_up
from tests.faults.promises import acknowledged_by, keeps_its_promises, says_one_sentence
from tests.support.home import Home


@pytest.mark.parametrize("largest", [600, 20_000])
@pytest.mark.parametrize("name", ["the first reservation of a new store", "a reservation"])
def test_no_file_may_grow(name: str, largest: int, tmp_path: Path) -> None:
    scene = SCENES[name]
    home, acknowledged = set_up(scene, tmp_path)
    done = home.run(*scene.command, under=["prlimit", f"--fsize={largest}"])
    says_one_sentence(done, hint="df -h")
    keeps_its_promises(home, acknowledged)


def test_the_log_may_grow_and_the_views_may_not(tmp_path: Path) -> None:
    home, acknowledged = set_up(SCENES["the first decisions"], tmp_path)
    daemon = home.run("daemon", "--until-idle", under=["prlimit", "--fsize=50000"])
    says_one_sentence(daemon, hint="df -h")
    keeps_its_promises(home, acknowledged)


def test_a_real_disk_fills_up(small_disk: Path) -> None:
    home = Home(small_disk)
    acknowledged = set(acknowledged_by(home.here("admin", "add-plane", "--seats", "9"), "admin"))
    ballast = small_disk / "ballast"
    fill(ballast)
    while (done := home.run("reserve", "1", "--customer", "kim")).code == 0:
        acknowledged |= acknowledged_by(done, "reserve")
        fill(ballast)
    says_one_sentence(done, hint="df -h")
    says_one_sentence(home.run("daemon", "--until-idle"), hint="df -h")
    ballast.unlink()
    keeps_its_promises(home, acknowledged)
