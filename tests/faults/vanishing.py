"""The file of a store is removed or replaced while writers and a daemon have it open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.faults.piped import writing
from tests.faults.promises import (
    Acknowledged,
    acknowledged_by,
    everything,
    is_sound,
    keeps_its_promises,
    says_one_sentence,
    undecided,
)
from tests.support.home import SUFFIXES, Home
from tests.support.waiting import until

TRIES = 5
Fate = Callable[[Home, Home], None]


def removed(home: Home, _: Home) -> None:
    """Remove the file and those that belong to it."""
    for suffix in SUFFIXES:
        Path(f"{home.store}{suffix}").unlink(missing_ok=True)


def moved_away(home: Home, _: Home) -> None:
    """Rename the file, and its write-ahead log with it."""
    away_from(home).mkdir(exist_ok=True)
    for suffix in SUFFIXES:
        if (file := Path(f"{home.store}{suffix}")).exists():
            file.rename(away_from(home) / file.name)


def away_from(home: Home) -> Path:
    return home.folder / "away"


def replaced(home: Home, other: Home) -> None:
    """Put the file of another store in its place, as a restore does."""
    new = home.store.with_name("restored")
    shutil.copy(other.store, new)
    for suffix in SUFFIXES[1:]:
        Path(f"{home.store}{suffix}").unlink(missing_ok=True)
    new.rename(home.store)


FATES: dict[str, Fate] = {"removed": removed, "moved away": moved_away, "replaced": replaced}


def made(folder: Path, seats: int) -> tuple[Home, Acknowledged]:
    """Make a store with an airplane and a request, and close it."""
    home = Home(folder)
    plane = home.here("admin", "add-plane", "--seats", str(seats))
    asked = home.here("reserve", "1")
    assert (plane.code, asked.code) == (0, 0)
    return home, acknowledged_by(plane, "admin") | acknowledged_by(asked, "reserve")


def under_a_writer(folder: Path, fate: Fate) -> None:
    """Take the file from a writer, which must not acknowledge what would be lost."""
    home, before = made(folder / "one", 5)
    other, others = made(folder / "two", 9)
    with writing(home) as writer:
        for _ in range(TRIES):
            assert writer.ask()
        fate(home, other)
        told = [writer.ask() for _ in range(TRIES)]
        assert told == [set()] * TRIES
        says_one_sentence(writer.end())
    if fate is replaced:
        assert len(is_sound(home, others).events) == len(is_sound(other).events)
    else:
        assert not home.store.exists()
    if fate is moved_away:
        moved = Home(folder / "three")
        shutil.copytree(away_from(home), moved.path)
        keeps_its_promises(moved, before | writer.acknowledged)


def under_a_daemon(folder: Path, fate: Fate, *, times: int = 1) -> None:
    """Take the file from a daemon, `times` times; it goes on with the file that comes next."""
    home, _ = made(folder / "one", 5)
    other, others = made(folder / "two", 9)
    with home.daemon() as daemon:
        for _ in range(times):
            until(lambda: undecided(everything(home)) == 0, "the decisions")
            fate(home, other)
            if fate is not replaced:
                until(lambda: home.daemon_pid() is None, "the lease to be given back")
                replaced(home, other)
            until(lambda: undecided(everything(home)) == 0, "decisions in the new file")
            assert home.daemon_pid() == daemon.pid
    keeps_its_promises(home, others)
