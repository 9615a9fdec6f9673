"""A store whose file is taken away or replaced while programs have it open."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airbook.application.airbook import Airbook
from airbook.application.reopening import LOOK_SECONDS
from airbook.application.stores.sqlite import SQLiteStore
from tests.faults.promises import says_one_sentence
from tests.faults.reserving import Reserving
from tests.support.home import Home
from tests.support.stopping import stop_while_idle
from tests.support.stores import everything_in, execute, let_tick
from tests.support.waiting import until


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    assert home.here("admin", "add-plane", "--seats", "9").code == 0
    return home


def delete(home: Home) -> None:
    home.store.unlink()


def replace(home: Home) -> None:
    new = home.folder / "new.db"
    SQLiteStore(new).create()
    new.rename(home.store)


def move_home(home: Home) -> None:
    home.path.rename(home.folder / "away")


def link(home: Home) -> None:
    (home.path / "other.db").hardlink_to(home.store)


TAKEN = [delete, replace, move_home]


@pytest.mark.parametrize(
    ("fault", "code", "exit_code"),
    [*((fault, "store_gone", 7) for fault in TAKEN), (link, "store_linked", 1)],
)
def test_a_writer_acknowledges_nothing_more(
    home: Home, fault: Callable[[Home], None], code: str, exit_code: int
) -> None:
    reserve = Reserving(home)
    assert json.loads(reserve("1,kim"))["id"] == 1
    fault(home)
    assert reserve("1,lee") == ""
    ended, err = reserve.end()
    assert (ended, json.loads(err)["error"]["code"]) == (exit_code, code)


@pytest.mark.parametrize("fault", TAKEN)
@pytest.mark.parametrize("words", [("events", "--follow"), ("status", "--watch")])
def test_a_reader_that_follows_the_log_ends(
    home: Home, words: tuple[str, str], fault: Callable[[Home], None]
) -> None:
    with home.running(*words, "-o", "json") as following:
        let_tick(home.store)
        fault(home)
        until(following.has_ended, "the end of the command")
        answer = following.end()
    assert (answer.code, json.loads(answer.err)["error"]["code"]) == (7, "store_gone")


@pytest.mark.parametrize("fault", TAKEN)
def test_a_daemon_gives_the_lease_back_and_goes_on_with_the_new_file(
    home: Home, fault: Callable[[Home], None]
) -> None:
    with home.daemon() as daemon:
        daemon.wait_for_log("ready")
        fault(home)
        assert Path(str(daemon.wait_for_log("store_gone")["store"])) == home.store
        if fault is not replace:
            assert home.daemon_pid() is None
        assert home.here("admin", "add-plane", "--seats", "1", "--name", "new").code == 0
        assert home.here("reserve", "1").code == 0
        daemon.wait_for_log("ready")
        done = home.here("wait", "1", "--timeout", "60s", "-o", "json")
        assert (done.code, done.document["status"]) == (0, "approved")
        assert home.json("planes")[0]["name"] == "new"
        assert daemon.said().count("store_gone") == 1
    assert home.here("doctor").code == 0


def test_a_daemon_does_not_touch_a_file_that_is_still_being_copied(home: Home) -> None:
    backup = home.folder / "backup.db"
    with home.daemon() as daemon:
        daemon.wait_for_log("ready")
        assert home.here("reserve", "1").code == 0
        assert home.here("wait", "1", "--timeout", "60s").code == 0
        delete(home)
        daemon.wait_for_log("store_gone")
        SQLiteStore(backup).create()
        whole = backup.read_bytes()
        with home.store.open("wb") as copying:
            for end in (0, 4096, len(whole) // 2):
                copying.write(whole[copying.tell() : end])
                copying.flush()
                before = home.store.read_bytes()
                time.sleep(3 * LOOK_SECONDS)
                assert home.store.read_bytes() == before, end
            copying.write(whole[copying.tell() :])
        daemon.wait_for_log("ready")
        assert execute(home.store, "SELECT id FROM identity") == execute(
            backup, "SELECT id FROM identity"
        )


def test_a_daemon_that_hangs_on_a_file_that_is_gone_is_told(home: Home) -> None:
    with home.daemon() as daemon, Airbook(SQLiteStore(home.store)) as airbook:
        daemon.wait_for_log("ready")
        stop_while_idle(daemon, airbook)
        airbook.close()
        execute(home.store, "PRAGMA wal_checkpoint(TRUNCATE)")
        replace(home)
        status: dict[str, Any] = home.json("status")["daemon"]
        assert (status["running"], status["stray"]) == (False, daemon.pid)
        korean = home.here("status", "-o", "table", "--lang", "ko").out.splitlines()[1]
        assert str(daemon.pid) in korean
        assert not korean.isascii()
        report = home.here("doctor", "-o", "json")
        found = [one["code"] for one in report.document["findings"]]
        assert (report.code, found) == (8, ["stray_daemon"])


def test_a_hard_link_is_refused_with_the_way_out(home: Home) -> None:
    link(home)
    for words in (("planes",), ("reserve", "1"), ("doctor",), ("status",)):
        says_one_sentence(home.here(*words), hint=f"find / -xdev -samefile {home.store}")
    before = everything_in(home.store)
    (home.path / "other.db").unlink()
    assert everything_in(home.store) == before
    assert home.here("reserve", "1").code == 0


def test_the_write_ahead_log_is_removed_under_a_daemon(home: Home) -> None:
    with home.daemon() as daemon:
        daemon.wait_for_log("ready")
        assert home.here("reserve", "1").code == 0
        assert home.here("wait", "1", "--timeout", "60s").code == 0
        Path(f"{home.store}-wal").unlink()
        daemon.wait_for_log("store_wal_gone")
        daemon.wait_for_log("ready")
        assert home.here("reserve", "1").code == 0
        done = home.here("wait", "2", "--timeout", "60s", "-o", "json")
        assert done.document["status"] == "approved"
    assert home.here("doctor").code == 0


def test_the_write_ahead_log_is_removed_after_a_crash(home: Home) -> None:
    reserve = Reserving(home)
    assert json.loads(reserve("1,kim"))["id"] == 1
    crashed = home.folder / "crashed"
    crashed.mkdir()
    for file in home.path.glob("airbook.db*"):
        if file.is_file():
            shutil.copy(file, crashed)
    assert reserve.end()[0] == 0
    shutil.rmtree(home.path)
    crashed.rename(home.path)
    Path(f"{home.store}-wal").unlink()
    for words in (("planes",), ("reserve", "1"), ("doctor",)):
        done = home.here(*words)
        says_one_sentence(done)
        assert "write-ahead log" in done.err
    Path(f"{home.store}-shm").unlink()
    assert home.here("reserve", "1").code == 0
