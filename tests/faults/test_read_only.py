"""A store where nothing can be written: what was stored is read, and nothing else is promised."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.promises import says_one_sentence
from tests.support.home import Home
from tests.support.stores import by_hand

READING = (
    ("planes",),
    ("plane", "1"),
    ("my-page", "--all"),
    ("show", "6"),
    ("history", "6"),
    ("why", "6"),
    ("events",),
    ("parked", "list"),
)


@contextmanager
def read_only(folder: Path) -> Generator[None]:
    """Mount a folder on itself, for reading only, which only root can."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a folder")
    if subprocess.run(["mount", "--bind", folder, folder], check=False).returncode != 0:
        pytest.skip("this root cannot mount a folder")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.record_five_seats()
    return home


def answers(home: Home) -> list[object]:
    return [home.json(*words) for words in READING]


@pytest.mark.parametrize("views", ["there", "missing", "behind", "damaged"])
def test_a_closed_store_is_read_where_nothing_can_be_written(home: Home, views: str) -> None:
    expected = answers(home)
    if views == "missing":
        home.views.unlink()
    elif views == "damaged":
        home.views.write_bytes(b"no database" * 1_000)
    elif views == "behind":
        before = home.views.read_bytes()
        assert home.here("reserve", "1", "--customer", "park").code == 0
        expected = answers(home)
        home.views.write_bytes(before)
    files = sorted(home.path.iterdir())
    with read_only(home.path):
        found = answers(home)
        assert home.json("status")["airplanes"] == 1
        assert home.here("doctor").code == 0
        for words in (("reserve", "1"), ("admin", "set-seats", "1", "6")):
            says_one_sentence(home.here(*words), hint="airbook config show")
        says_one_sentence(home.run("daemon", "--until-idle"), hint="airbook config show")
    assert found == expected
    assert sorted(home.path.iterdir()) == files


def test_a_store_that_crashed_is_read_with_its_last_commits_or_not_at_all(
    home: Home, tmp_path: Path
) -> None:
    crashed = Home(tmp_path / "crashed")
    crashed.path.mkdir()
    with home.airbook() as airbook:
        airbook.log.head()
        assert home.here("reserve", "1", "--customer", "park").code == 0
        for file in home.path.glob("airbook.db*"):
            if file.is_file():
                shutil.copy(file, crashed.path)
    with read_only(crashed.path):
        assert crashed.json("show", "7")["customer"] == "park"
    Path(f"{crashed.store}-shm").unlink()
    with read_only(crashed.path):
        done = crashed.here("show", "7")
        says_one_sentence(done, hint=f"cp -p {crashed.store}* FOLDER")
        assert "was not closed" in done.err
    assert crashed.json("show", "7")["customer"] == "park"


def test_a_file_that_is_written_elsewhere_meanwhile_is_not_trusted(
    home: Home, tmp_path: Path
) -> None:
    mounted = Home(tmp_path / "mounted")
    mounted.path.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a folder")
    mount = ["mount", "--bind", "-o", "ro", str(home.path), str(mounted.path)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("this root cannot mount a folder")
    try:
        with mounted.running("events", "--follow", "-o", "jsonl") as following:
            while len(following.stdout.contents().splitlines()) < 18:
                assert not following.has_ended()
            with by_hand(home.store) as connection:
                connection.execute("PRAGMA user_version")
                assert home.here("reserve", "1").code == 0
                answer = following.end()
        assert (answer.code, "busy" in answer.err) == (7, True)
    finally:
        subprocess.run(["umount", mounted.path], check=True)
