"""A store that is reached by two names."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.faults.piped import writing
from tests.faults.promises import (
    acknowledged_by,
    everything,
    keeps_its_promises,
    says_one_sentence,
    undecided,
)
from tests.faults.staying import events_of
from tests.support.home import Home
from tests.support.waiting import until

TIMES = 20


def made(folder: Path) -> Home:
    home = Home(folder)
    assert home.here("admin", "add-plane", "--seats", "1000").code == 0
    return home


def named_again(home: Home, folder: Path) -> Home:
    """Return a home for a second name of the store, which does not exist yet."""
    second = Home(folder)
    second.path.mkdir()
    return second


def hard_linked(folder: Path) -> None:
    """Give a store a second name while a writer and a daemon have it open.

    Two names would have two write-ahead logs: what is written through one is lost through the
    other. So no name is served until one of them is removed. The daemon, which has requests to
    decide, says so once and waits for that.
    """
    home = made(folder / "one")
    second = named_again(home, folder / "two")
    with home.running("daemon") as daemon, writing(home) as writer:
        until(lambda: has_nothing_to_write(home), "a daemon without work")
        daemon.send_signal(signal.SIGSTOP)
        for _ in range(TIMES):
            assert writer.ask()
        os.link(home.store, second.store)
        daemon.send_signal(signal.SIGCONT)
        daemon.wait_for_log("store_linked")
        for _ in range(TIMES):
            says_one_sentence(second.here("reserve", "1"))
            writer.ask()
        says_one_sentence(home.here("reserve", "1"))
        says_one_sentence(second.run("daemon", "--until-idle"))
        second.store.unlink()
        answer = home.here("reserve", "1")
        assert answer.code == 0, answer
        daemon.wait_for_log("recovered")
        until(lambda: undecided(everything(home)) == 0, "the decisions")
        assert events_of(daemon)["store_linked"] == 1
    keeps_its_promises(home, writer.acknowledged | acknowledged_by(answer, "reserve"))


def has_nothing_to_write(home: Home) -> bool:
    """Return whether the daemon has processed every event; it holds no lock then."""
    with home.airbook() as airbook:
        return airbook.log.checkpoint("approver") == airbook.log.head()


def symbolically_linked(folder: Path) -> None:
    """Write to a store by its name and by a link to it: both are the same store."""
    home = made(folder / "one")
    second = named_again(home, folder / "two")
    second.store.symlink_to(home.store)
    with home.daemon(), writing(home) as one, writing(second) as other:
        for _ in range(TIMES):
            assert one.ask()
            assert other.ask()
        with second.running("daemon") as standby:
            until(lambda: "standing_by" in standby.said() or standby.has_ended(), "one to decide")
            assert "standing_by" in standby.said()
        until(lambda: undecided(everything(home)) == 0, "the decisions")
        assert second.json("planes") == home.json("planes")
    assert sorted(file.name for file in second.path.iterdir()) == [second.store.name]
    keeps_its_promises(home, one.acknowledged | other.acknowledged)
