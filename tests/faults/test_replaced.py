"""A file is put in the place of a store, beside the write-ahead log of the file before it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.sqlite import SQLiteStore
from tests.faults.promises import says_one_sentence
from tests.faults.reserving import Reserving
from tests.support.home import Home
from tests.support.stores import everything_in


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with an airplane of nine seats."""
    home = Home(tmp_path)
    assert home.here("admin", "add-plane", "--seats", "9").code == 0
    return home


def test_commits_to_the_file_before_are_not_read_into_the_file_in_its_place(home: Home) -> None:
    """SQLite finds a write-ahead log by its name, and would apply it to any file of that name."""
    other = Home(home.folder / "other")
    assert other.here("admin", "add-plane", "--seats", "3", "--name", "restored").code == 0
    restored = everything_in(other.store)
    writer = Reserving(home)
    assert json.loads(writer("1,kim"))["id"] == 1
    other.store.rename(home.store)
    for words in (("planes",), ("events",), ("reserve", "1"), ("doctor",), ("status",)):
        says_one_sentence(home.here(*words), hint=f"ls -l {home.store}*")
    assert writer.end() == (0, "")
    assert everything_in(home.store) == restored
    assert [one["name"] for one in home.json("planes")] == ["restored"]
    assert home.here("doctor").code == 0


def test_commits_that_a_crash_left_are_not_read_into_a_backup(home: Home) -> None:
    other = Home(home.folder / "other")
    assert other.here("admin", "add-plane", "--seats", "3", "--name", "restored").code == 0
    writer = Reserving(home)
    assert json.loads(writer("1,kim"))["id"] == 1
    writer.kill()
    other.store.rename(home.store)
    says_one_sentence(home.here("planes"), hint=f"ls -l {home.store}*")
    for end in ("-wal", "-shm"):
        Path(f"{home.store}{end}").unlink()
    assert [one["name"] for one in home.json("planes")] == ["restored"]
    assert home.here("doctor").code == 0


def test_commits_are_not_moved_into_a_file_that_was_only_read(home: Home) -> None:
    """A program that has only read has an empty write-ahead log, to which no other may write."""
    other = Home(home.folder / "other")
    assert other.here("admin", "add-plane", "--seats", "3", "--name", "restored").code == 0
    with Airbook(SQLiteStore(home.store)) as reading:
        assert reading.log.head() == 1
        home.store.rename(home.folder / "old.db")
        other.store.rename(home.store)
        assert home("reserve", "1", "--customer", "kim").code == 0
    assert [one["customer"] for one in home.json("my-page", "--all")] == ["kim"]
    assert home.here("doctor").code == 0
    with Airbook(SQLiteStore(home.folder / "old.db")) as old:
        assert old.log.head() == 1


def test_a_new_store_in_the_place_of_a_removed_one_gets_a_log_of_its_own(home: Home) -> None:
    writer = Reserving(home)
    assert json.loads(writer("1,kim"))["id"] == 1
    home.store.unlink()
    assert home.here("admin", "add-plane", "--seats", "2", "--name", "new").code == 0
    assert writer("1,lee") == ""
    assert writer.end()[0] == 7
    assert [one["name"] for one in home.json("planes")] == ["new"]
    assert home.here("doctor").code == 0


def test_a_store_that_was_moved_with_all_its_files_keeps_its_commits(home: Home) -> None:
    writer = Reserving(home)
    assert json.loads(writer("1,kim"))["id"] == 1
    writer.kill()
    for moved, move in (("copied", shutil.copytree), ("moved", Path.rename)):
        elsewhere = Home(home.folder / moved)
        move(home.path, elsewhere.path)
        assert [one["customer"] for one in elsewhere.json("my-page", "--all")] == ["kim"]
