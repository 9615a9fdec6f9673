"""Homes in which commands run, and stores in which every event has a fixed time."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.cli.commands import screens as screens_module
from tests.cli.dashboards import Screens
from tests.support.answers import Answer
from tests.support.home import Home
from tests.support.homes import empty, five_seats

__all__ = ["empty", "five_seats"]


class Inside(Home):
    """A home whose commands run in the process of the test, for tests with hundreds of commands."""

    def __call__(self, *words: str | bytes, **settings: str | None) -> Answer:
        """Run a command here; a daemon, which handles signals, in a process of its own."""
        run = super().__call__ if "daemon" in words else self.here
        return run(*words, **settings)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home that is empty."""
    return Home(tmp_path)


@pytest.fixture
def anew(tmp_path: Path) -> Home:
    """Return an empty home whose commands each start an interpreter, which reads its settings."""
    return Home(tmp_path, anew=True)


@pytest.fixture
def inside(tmp_path: Path) -> Inside:
    """Return an empty home whose commands run in this process."""
    return Inside(tmp_path)


@pytest.fixture
def new_home(inside: Inside) -> Inside:
    """Return the home that `empty` and `five_seats` begin with."""
    return inside


@pytest.fixture(params=["sqlite", "postgresql"])
def unmade(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return a store of each kind that is not created yet."""
    if request.param == "sqlite":
        return SQLiteStore(tmp_path / "elsewhere" / "airbook.db")
    return PostgresStore(request.getfixturevalue("database"))


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    """Replace the real screens."""
    found = Screens()
    for name in ("start", "web"):
        module = ModuleType(f"airbook.tui.{name}")
        module.__dict__.update(
            dashboard=found.dashboard,
            my_page=found.my_page,
            make_server=found.make_server,
        )
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return found


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, screens: Screens) -> Screens:
    """Replace the real screens, and pretend that stdout is a terminal."""
    monkeypatch.setattr(screens_module, "is_on_terminal", lambda: True)
    return screens
