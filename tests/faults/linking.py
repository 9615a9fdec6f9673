"""A store that is reached by two names."""

from __future__ import annotations

import os
from pathlib import Path

from tests.faults.piped import writing
from tests.faults.promises import (
    acknowledged_by,
    everything,
    keeps_its_promises,
    says_one_sentence,
    undecided,
)
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
    other. So no name is served until one of them is removed.
    """
    home = made(folder / "one")
    second = named_again(home, folder / "two")
    with home.running("daemon") as daemon, writing(home) as writer:
        until(lambda: home.daemon_pid() is not None, "a daemon to run")
        for _ in range(TIMES):
            assert writer.ask()
        os.link(home.store, second.store)
        for _ in range(TIMES):
            says_one_sentence(second.here("reserve", "1"))
            writer.ask()
        says_one_sentence(home.here("reserve", "1"))
        says_one_sentence(second.run("daemon", "--until-idle"))
        second.store.unlink()
        answer = home.here("reserve", "1")
        assert answer.code == 0, answer
        if daemon.has_ended():
            says_one_sentence(daemon.end())
    keeps_its_promises(home, writer.acknowledged | acknowledged_by(answer, "reserve"))


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
