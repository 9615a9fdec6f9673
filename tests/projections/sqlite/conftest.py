"""Fixtures of tests that run on SQLite only."""

from __future__ import annotations

import pytest

from tests.support.fresh_stores import Files


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the source of empty stores: files in a folder."""
    return Files(tmp_path_factory.mktemp("stores"))
