"""Stories of one server: the fixtures of every story, on databases alone."""

from __future__ import annotations

import pytest

from tests.support.fresh_stores import Databases
from tests.support.postgres_server import Server


@pytest.fixture(scope="session")
def fresh(server: Server) -> Databases:
    """Lend databases."""
    return Databases(server)
