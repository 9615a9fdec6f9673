"""A home with a store in it, and stories told there; times are shown as in Greenwich."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.scrollbar import ScrollBar

from airbook.application.stores.sqlite import SQLiteStore
from airbook.eventlog.records import Customer
from airbook.eventlog.rows import Rows
from tests.cli.play import Home
from tests.support.stores import open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record

CUSTOMERS = ("kim", "lee", "park", "choi", "jung", "kang")


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Show times as in Greenwich, and leave the process as it was."""
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
    """Give a home where nothing is yet."""
    return Home(tmp_path)


@pytest.fixture
def empty(home: Home) -> Home:
    """Make a store with nothing in it."""
    SQLiteStore(home.store).create()
    return home


@pytest.fixture
def five_seats(empty: Home) -> Home:
    """Tell the story of five seats and six customers, a millisecond an event."""
    tell_five_seats(empty, CUSTOMERS)
    return empty


def tell_five_seats(home: Home, names: Sequence[str]) -> None:
    """Tell the story of five seats to six customers of these names."""
    with open_log(home.store) as log:
        customers = [Customer(f"customer {n}", name) for n, name in enumerate(names, 1)]
        log.insert(Rows(customers=customers))
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
