"""Homes with and without a store; the time zone is UTC."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.scrollbar import ScrollBar

from tests.support.home import Home
from tests.support.homes import empty, five_seats

__all__ = ["empty", "five_seats"]


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Set the time zone to UTC, and restore the state of the process afterwards."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("HOME", str(tmp_path))
    time.tzset()
    renderer, collects = ScrollBar.renderer, gc.isenabled()
    yield
    ScrollBar.renderer = renderer
    gc.unfreeze()
    (gc.enable if collects else gc.disable)()
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home without a store."""
    return Home(tmp_path)


@pytest.fixture
def new_home(home: Home) -> Home:
    """Return the home that `empty` and `five_seats` begin with."""
    return home
