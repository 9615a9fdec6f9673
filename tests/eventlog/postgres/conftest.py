"""Fixtures of tests that run on PostgreSQL only."""

from __future__ import annotations

import pytest

from tests.support.fresh_stores import Databases
from tests.support.postgres_server import Server


@pytest.fixture(scope="session")
def fresh(server: Server) -> Databases:
    """Return the source of empty stores: databases of a server."""
    return Databases(server)
