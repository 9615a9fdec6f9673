"""How often a process syncs the disk: once for each accepted command, never while idle."""

from __future__ import annotations

from pathlib import Path

from tests.faults.idling import idles
from tests.faults.promises import keeps_its_promises
from tests.faults.trace import SYNCS, calls_of
from tests.support.home import Home


def test_an_accepted_command_is_one_commit_and_waits_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    files = home.databases()  # without the folder, which SQLite syncs once for each process
    with home.daemon():
        assert home.here("admin", "add-plane", "--seats", "5").code == 0
        for words in (("reserve", "1"), ("reserve", "1"), ("cancel", "1")):
            assert len(calls_of(home, words, SYNCS, files)) == 1
    keeps_its_promises(home)


def test_an_idle_daemon_leaves_disk_and_log_alone(tmp_path: Path) -> None:
    idles(tmp_path, seconds=5)
