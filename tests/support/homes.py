"""Fixtures of homes that a folder of tests builds on its own fixture `new_home`."""

from __future__ import annotations

import pytest

from airbook.application.stores.sqlite import SQLiteStore
from tests.support.home import Home


@pytest.fixture
def empty(new_home: Home) -> Home:
    """Create a store without events."""
    SQLiteStore(new_home.store).create()
    return new_home


@pytest.fixture
def five_seats(new_home: Home) -> Home:
    """Create a store with the story of five seats and six customers."""
    new_home.record_five_seats()
    return new_home
