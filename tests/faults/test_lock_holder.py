"""A process that is stopped while it holds the write lock is named to those that wait for it."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

import psutil
import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.eventlog.errors import StoreError
from airbook.eventlog.sqlite import lock_holder
from tests.faults.promises import everything, is_healthy, undecided
from tests.support.home import Home
from tests.support.locking import locked
from tests.support.running import Process
from tests.support.stores import by_hand
from tests.support.waiting import until

MANY = 400
LOCKED = "The store {} is busy: process {} has kept it locked for {} s or longer."


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Create a store in a file, whose writers wait a second for the lock."""
    home = Home(tmp_path)
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    return home


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands of this process wait only a second for the lock."""
    monkeypatch.setattr("airbook.eventlog.sqlite.connection.BUSY_SECONDS", 1.05)


def is_locked(path: Path) -> bool:
    with by_hand(path) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


def stop_while_it_writes(home: Home, airbook: Airbook, daemon: Process) -> None:
    """Stop a daemon while it holds the write lock; let it go on and try again if it does not."""
    process = psutil.Process(daemon.pid)

    def is_stopped_with_the_lock() -> bool:
        airbook.execute_all([Order(Reserve(1, "kim"))] * MANY)
        until(lambda: is_locked(home.store) or not undecided(everything(home)), "a commit")
        daemon.send_signal(signal.SIGSTOP)
        until(lambda: process.status() == psutil.STATUS_STOPPED, "the daemon to stop")
        if is_locked(home.store):
            return True
        daemon.send_signal(signal.SIGCONT)
        until(lambda: not undecided(everything(home)), "all decisions")
        return False

    until(is_stopped_with_the_lock, "the daemon to be stopped while it writes")


@pytest.mark.usefixtures("hasty")
def test_a_daemon_that_was_stopped_while_it_writes_is_named(home: Home) -> None:
    with home.airbook() as airbook, home.daemon() as daemon:
        stop_while_it_writes(home, airbook, daemon)
        answer = home.here("reserve", "1")
        assert answer.code == 7
        sentence, hint = answer.err.splitlines()[-2:]
        seconds = sentence.removesuffix(" s or longer.").rpartition(" ")[2]
        assert sentence == LOCKED.format(home.store, daemon.pid, seconds)
        assert hint == f"hint: ps -o pid,stat,args -p {daemon.pid}"
        daemon.send_signal(signal.SIGCONT)
        assert home.here("reserve", "1").code == 0
        until(lambda: not undecided(everything(home)), "all decisions")
    is_healthy(home)


@pytest.mark.usefixtures("hasty")
def test_any_other_process_is_named_too_in_both_languages(home: Home) -> None:
    with locked(home.kept):
        pid = lock_holder.holder_of(home.store)
        assert pid is not None
        assert home.here("reserve", "1").err.splitlines()[0] == LOCKED.format(home.store, pid, 1)
        korean = home.here("reserve", "1", AIRBOOK_LANG="ko").err.splitlines()[0]
        assert korean == f"다른 프로세스({pid})가 저장소를 1초 넘게 잠그고 있습니다: {home.store}"
    assert lock_holder.holder_of(home.store) is None


@pytest.mark.usefixtures("hasty")
def test_where_the_system_does_not_tell_a_silent_daemon_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(lock_holder, "LOCKS", tmp_path / "missing")
    with home.daemon() as daemon:
        process = psutil.Process(daemon.pid)
        with home.airbook() as airbook:
            airbook.execute(Reserve(1, "kim"))
        until(lambda: not undecided(everything(home)), "all decisions")
        daemon.send_signal(signal.SIGSTOP)
        until(lambda: process.status() == psutil.STATUS_STOPPED, "the daemon to stop")
        with locked(home.kept), home.airbook() as airbook:
            with pytest.raises(StoreError) as error:
                airbook.execute(Reserve(1, "kim"))
            assert (error.value.code, error.value.values["holder"]) == ("store_busy", daemon.pid)
    with locked(home.kept), home.airbook() as airbook:
        with pytest.raises(StoreError) as error:
            airbook.execute(Reserve(1, "kim"))
        assert str(error.value).endswith("is busy: others kept it locked for too long.")
