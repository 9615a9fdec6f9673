"""Homes in which commands run, and stores in which every event has a fixed time."""

from __future__ import annotations

from pathlib import Path

import pytest

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
def inside(tmp_path: Path) -> Inside:
    """Return an empty home whose commands run in this process."""
    return Inside(tmp_path)


@pytest.fixture
def new_home(inside: Inside) -> Inside:
    """Return the home that `empty` and `five_seats` begin with."""
    return inside
