"""Fixtures of tests that run on SQLite only."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.stores.store import Store
from tests.support.fresh_stores import Files
from tests.support.stores import path_of


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the source of empty stores: files in a folder."""
    return Files(tmp_path_factory.mktemp("stores"))


@pytest.fixture
def path(store: Store) -> Path:
    """Return the path of a log that does not exist yet."""
    return path_of(store)
