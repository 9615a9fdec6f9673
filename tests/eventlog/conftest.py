"""Fixtures of the log."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from tests.eventlog.commits import given_commits
from tests.support.schema_1 import make_schema_1
from tests.support.stores import open_log


@pytest.fixture
def older(store: Store) -> Store:
    """Create a store of schema 1 with a row in each table."""
    with open_log(store) as log:
        given_commits(log)
        assert log.retry(2)
    make_schema_1(store)
    return store
