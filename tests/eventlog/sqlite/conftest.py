"""Stories of one file: the fixtures of every story, on files alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.stores.store import Store
from tests.support.fresh_stores import Files
from tests.support.stores import path_of


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Lend files."""
    return Files(tmp_path_factory.mktemp("stores"))


@pytest.fixture
def path(store: Store) -> Path:
    """Name the file of a log that is not there yet."""
    return path_of(store)
