"""Homes with their store in files, in a database of a server, or behind a proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.support.home import Home
from tests.support.proxy import Proxy


@pytest.fixture
def served(database: str, tmp_path: Path) -> Home:
    """Return a home with its store on a server."""
    schema.create(Place(database))
    return Home(tmp_path, database)


@pytest.fixture
def distant(served: Home, proxy: Proxy) -> Home:
    """Return the same home, with the server behind a proxy."""
    assert served.url is not None
    return Home(served.folder, proxy.url(served.url))


@pytest.fixture
def home(store: Store, tmp_path: Path) -> Home:
    """Return a home with its store in a file, and one with its store on a server."""
    url = store.secret_url if isinstance(store, PostgresStore) else None
    return Home(tmp_path, url)
