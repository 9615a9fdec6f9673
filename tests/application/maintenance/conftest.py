"""Fixtures of the tests in this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.maintenance import copying
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from tests.application.maintenance.copies import (
    BATCH,
    populate,
)


@pytest.fixture
def source(tmp_path: Path) -> SQLiteStore:
    """Create a SQLite store with rows in every table."""
    store = SQLiteStore(tmp_path / "source" / "airbook.db")
    populate(store)
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return a store of each kind, not created yet."""
    if request.param == "sqlite":
        return SQLiteStore(tmp_path / "target" / "airbook.db")
    return PostgresStore(request.getfixturevalue("database"))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BATCH", BATCH)
