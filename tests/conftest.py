"""Fixtures of all tests, the markers that the folder of a test gives it, and their order."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from itertools import groupby
from pathlib import Path

import hypothesis
import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.postgres import connection
from airbook.projections.store import Views
from tests.support import browser as browsers
from tests.support.fresh_stores import Databases, Files, Fresh, FreshLogs, Memory
from tests.support.postgres_server import Server, serve
from tests.support.proxy import Proxy
from tests.support.stores import open_log
from tests.support.views import open_views

hypothesis.settings.register_profile("airbook", deadline=None)  # the machine may be busy
hypothesis.settings.load_profile("airbook")

TESTS = Path(__file__).parent
KINDS = {
    "domain": "unit",
    "application": "unit",
    "docs": "unit",
    "eventlog": "contract",
    "projections": "contract",
    "daemon": "contract",
    "messaging": "process",
    "cli": "process",
    "gateway": "process",
    "mutants": "process",
    "support": "process",
    "faults": "fault",
    "tui": "screen",
    "torture": "torture",
    "containers": "container",
}
WAITING = {"deploy", "docs", "faults", "gateway", "messaging"}  # for processes and servers


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add an option for another order of the tests.

    pytest-randomly shuffles every run unless it is told not to, and sets the seeds of libraries;
    pytest-random-order reports in every run that it is off. Neither is needed for three lines.
    """
    explanation = "run the tests in a random order, which is the same for the same seed"
    parser.addoption("--shuffle", type=int, metavar="SEED", help=explanation)


def pytest_configure() -> None:
    """Let Ctrl-C and `kill -INT` reach the programs that tests start, however pytest was started.

    A shell without job control ignores SIGINT in `make test &`. A program inherits an ignored
    signal from the program that starts it, but not a handler.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, do_nothing)


def do_nothing(*_: object) -> None:
    """Handle a signal by going on."""


@pytest.hookimpl(tryfirst=True)  # before pytest selects tests by their markers
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by its folder, unless it is marked already, and each that needs a server."""
    if (seed := config.getoption("shuffle")) is not None:
        random.Random(seed).shuffle(items)
    elif worker := getattr(config, "workerinput", None):
        items[:] = spread(items, worker["workercount"])
    kinds, kind_of = set(KINDS.values()), cache(kind_of_file)
    for item in items:
        if kinds.isdisjoint(mark.name for mark in item.iter_markers()):
            item.add_marker(kind_of(item.path))
        if isinstance(item, pytest.Function) and needs_server(item):
            item.add_marker("postgres")


def spread(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return tests so that each worker begins with its share of those that wait for others.

    pytest-xdist gives each worker an equal part of the list, and one that is done takes tests from
    the end of another's part: a long test there would be left alone at the end of the run.
    """
    files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    files.sort(key=lambda tests: tests[0].path.relative_to(TESTS).parts[0] not in WAITING)
    return [item for worker in range(workers) for tests in files[worker::workers] for item in tests]


def kind_of_file(path: Path) -> str:
    """Return the marker of the tests in a file."""
    return KINDS.get(path.relative_to(TESTS).parts[0], "unit")


def needs_server(item: pytest.Function) -> bool:
    """Return whether a test uses the fixture `server`, directly or by its parameter."""
    callspec = getattr(item, "callspec", None)
    parameters = callspec.params.values() if callspec else ()
    return "server" in item.fixturenames or "postgresql" in parameters


def fresh_stores(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Fresh:
    if request.param == "sqlite":
        return Files(folders.mktemp("stores"))
    return Databases(request.getfixturevalue("server"))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Return the source of empty stores of each kind."""
    return fresh_stores(request, tmp_path_factory)


@pytest.fixture
def store(fresh: Fresh) -> Iterator[Store]:
    """Create a store whose log is empty."""
    with fresh.store() as created:
        yield created


@pytest.fixture
def log(store: Store) -> Iterator[Log]:
    """Open the log of `store`, for a test that also reads its tables or opens its views."""
    with open_log(store) as opened:
        yield opened


@pytest.fixture
def views(log: Log, store: Store) -> Iterator[Views]:
    """Open the views of the log; no event is applied yet."""
    with open_views(log, store) as opened:
        yield opened


@pytest.fixture(scope="session", params=["memory", "sqlite", "postgresql"])
def fresh_logs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> FreshLogs:
    """Return the source of empty logs of each kind, also in memory."""
    return Memory() if request.param == "memory" else fresh_stores(request, tmp_path_factory)


@pytest.fixture
def any_log(fresh_logs: FreshLogs) -> Iterator[Log]:
    """Open an empty log of each kind, for a test that needs nothing but a log."""
    with fresh_logs.log() as opened:
        yield opened


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Run a PostgreSQL server.

    It ends a transaction that waits for its client for two seconds. On a busy machine the process
    of the tests may get no time to run for that long, so its connections are given a minute.
    """
    patient = connection.CONFIGURE.replace(
        b"'idle_in_transaction_session_timeout', '2s'",
        b"'idle_in_transaction_session_timeout', '1min'",
    )
    assert patient != connection.CONFIGURE
    with pytest.MonkeyPatch.context() as patched, closing(serve()) as running:
        patched.setattr(connection, "CONFIGURE", patient)
        yield running


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Create an empty database; the server runs before and after the test."""
    server.start()
    url = server.create_database()
    yield url
    server.start()
    server.drop_database(url)


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    """Run a proxy between clients and the server, which loses messages when it is asked to."""
    with closing(Proxy(server)) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[browsers.Browser]:
    """Run a browser: a test opens a tab of its own, which takes a tenth of a second."""
    with browsers.running() as running:
        yield running
