"""What every story may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import hypothesis
import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.projections.store import Views
from tests.support.fresh_stores import Databases, Files, Fresh
from tests.support.postgres_server import Server, serve
from tests.support.proxy import Proxy
from tests.support.stores import open_log
from tests.support.views import open_views

hypothesis.settings.register_profile("airbook", deadline=None)  # other processes may be at work
hypothesis.settings.load_profile("airbook")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Lend stores of each kind."""
    if request.param == "sqlite":
        return Files(tmp_path_factory.mktemp("stores"))
    return Databases(request.getfixturevalue("server"))


@pytest.fixture
def store(fresh: Fresh) -> Iterator[Store]:
    """Lend a store whose log is empty."""
    with fresh.store() as lent:
        yield lent


@pytest.fixture
def log(store: Store) -> Iterator[Log]:
    """Open an empty log."""
    with open_log(store) as opened:
        yield opened


@pytest.fixture
def views(log: Log, store: Store) -> Iterator[Views]:
    """Open the views of the log; they have seen nothing yet."""
    with open_views(log, store) as opened:
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
