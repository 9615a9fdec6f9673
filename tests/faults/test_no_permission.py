"""Missing permissions are reported in one sentence; with permissions, airbook works again."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.killing import SCENES, set_up
from tests.faults.promises import (
    Acknowledged,
    acknowledged_by,
    keeps_its_promises,
    says_one_sentence,
)
from tests.support.answers import Answer
from tests.support.home import Home

COMMANDS = (
    ("reserve", "1"),
    ("planes",),
    ("daemon", "--until-idle"),
    ("doctor",),
)


@contextmanager
def only(path: Path, mode: int) -> Generator[None]:
    """Change the mode of a file or folder for the duration of a block."""
    before = path.stat().st_mode
    path.chmod(mode)
    yield
    path.chmod(before)


def without_privilege(home: Home, *words: str) -> Answer:
    """Run a command without the privilege of root to ignore modes."""
    less = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return home.run(*words, under=less if os.geteuid() == 0 else [])


@pytest.fixture
def begun(tmp_path: Path) -> tuple[Home, Acknowledged]:
    return set_up(SCENES["a reservation"], tmp_path)


def test_a_folder_that_may_not_be_opened(begun: tuple[Home, Acknowledged]) -> None:
    home, acknowledged = begun
    with only(home.path, 0o000):
        for words in COMMANDS:
            says_one_sentence(without_privilege(home, *words), hint="airbook config show")
    keeps_its_promises(home, acknowledged)


def test_a_folder_that_may_only_be_read(begun: tuple[Home, Acknowledged]) -> None:
    home, acknowledged = begun
    with only(home.path, 0o500):
        for words in COMMANDS:
            done = without_privilege(home, *words)
            if words[0] in {"planes", "doctor"}:
                assert (done.code, done.err) == (0, "")
            else:
                says_one_sentence(done, hint="airbook config show")
    keeps_its_promises(home, acknowledged)


@pytest.mark.parametrize("mode", [0o400, 0o000])
def test_a_log_that_may_not_be_written(mode: int, begun: tuple[Home, Acknowledged]) -> None:
    home, acknowledged = begun
    with only(home.store, mode):
        done = without_privilege(home, "reserve", "1")
    says_one_sentence(done, hint="airbook config show")
    keeps_its_promises(home, acknowledged)


def test_views_that_may_not_be_opened(begun: tuple[Home, Acknowledged]) -> None:
    home, acknowledged = begun
    assert home.here("planes").code == 0
    with only(home.views, 0o000):
        done = without_privilege(home, "planes")
    says_one_sentence(done, hint="airbook config show")
    keeps_its_promises(home, acknowledged)


def test_views_that_may_not_be_written(begun: tuple[Home, Acknowledged]) -> None:
    home, acknowledged = begun
    expected = home.here("planes")
    with only(home.views, 0o400):
        assert without_privilege(home, "planes") == expected
        acknowledged = {*acknowledged, *acknowledged_by(home.here("reserve", "1"), "reserve")}
        says_one_sentence(without_privilege(home, "planes"), hint="airbook config show")
    keeps_its_promises(home, acknowledged)


def test_a_folder_in_which_no_home_can_be_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "outside")
    with only(home.folder, 0o500):
        for words in COMMANDS:
            makes_it = "reserve" in words or "daemon" in words
            hint = "airbook config show" if makes_it else "airbook store init"
            says_one_sentence(without_privilege(home, *words), hint=hint)
    keeps_its_promises(home)


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.path.touch()
    for words in COMMANDS:
        says_one_sentence((home.run if "daemon" in words else home.here)(*words))
    home.path.unlink()
    keeps_its_promises(home)
