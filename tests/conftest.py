"""What every story may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest

from airbook.domain.log import Log
from airbook.projections.views import Views
from tests.pages import open_views
from tests.postgres import Server, serve
from tests.proxy import Proxy
from tests.stores import open_log

hypothesis.settings.register_profile("airbook", deadline=None)  # other processes may be at work
hypothesis.settings.load_profile("airbook")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Name the file of a log that is not there yet."""
    return tmp_path / "home" / "airbook.db"


@pytest.fixture
def log(store: Path) -> Iterator[Log]:
    """Open an empty log."""
    with open_log(store) as opened:
        yield opened


@pytest.fixture
def pages(store: Path) -> Path:
    """Name the file of the views that belong to that log."""
    return store.with_name("airbook.views.db")


@pytest.fixture
def views(log: Log, pages: Path) -> Iterator[Views]:
    """Open the views of the log; they have seen nothing yet."""
    with open_views(log, pages) as opened:
        yield opened


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Run a PostgreSQL server."""
    with closing(serve()) as running:
        yield running


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Create an empty database; the server runs, whatever was done to it before."""
    server.start()
    url = server.create_database()
    yield url
    server.start()
    server.drop_database(url)


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """Stand before the server, ready to lose what it is told to lose."""
    with closing(Proxy(server)) as standing:
        yield standing
