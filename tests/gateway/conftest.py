"""A home of files or of a database, and a gateway that serves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.server import Gateway, serving
from tests.support.home import Home
from tests.support.homes import empty, five_seats

__all__ = ["empty", "five_seats"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home of files that is empty."""
    return Home(tmp_path)


@pytest.fixture
def new_home(home: Home) -> Home:
    """Return the home that `empty` begins with."""
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Return a home whose store is in files, and one whose store is on a server."""
    if request.param == "sqlite":
        return Home(tmp_path)
    home = Home(tmp_path, request.getfixturevalue("database"))
    home.kept.create()
    return home


@pytest.fixture
def gateway(home: Home) -> Iterator[Gateway]:
    """Serve the home of files, without a daemon."""
    with serving(home) as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Serve an empty store that no test of a module changes."""
    with serving(Home(tmp_path_factory.mktemp("shared"))) as running:
        yield running
