"""A server of an old version, or a database of another encoding, is refused and not changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Receipt
from tests.eventlog.postgres.opening import OPENINGS, Opening, commit
from tests.support.other_processes import reserving
from tests.support.postgres_server import Server
from tests.support.proxy import Proxy
from tests.support.stores import everything_in, open_log

ENCODINGS = ("LATIN1", "SQL_ASCII")


def prepare(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    store.create()


WAYS: tuple[Opening, ...] = (*OPENINGS, prepare)


@pytest.fixture
def distant(store: Store, proxy: Proxy) -> PostgresStore:
    """Return the store behind the proxy."""
    assert isinstance(store, PostgresStore)
    return PostgresStore(proxy.url(store.secret_url))


@pytest.mark.parametrize("open_it", WAYS)
@pytest.mark.parametrize("version", ["9.6.24", "13.22"])
def test_a_server_older_than_14_is_refused(
    distant: PostgresStore, proxy: Proxy, store: Store, version: str, open_it: Opening
) -> None:
    before, major = everything_in(store), version.partition(".")[0]
    proxy.claim_version(version)
    with pytest.raises(StoreError) as trouble:
        open_it(distant)
    assert (trouble.value.code, str(trouble.value)) == (
        "store_foreign",
        f"The store {distant.url} is on PostgreSQL {major}; airbook needs 14 or newer.",
    )
    assert everything_in(store) == before


@pytest.mark.parametrize("version", ["14.0", "99.1"])
def test_a_server_of_version_14_or_newer_is_accepted(
    distant: PostgresStore, proxy: Proxy, version: str
) -> None:
    proxy.claim_version(version)
    with open_log(distant) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)


@pytest.fixture(params=ENCODINGS)
def encoded(request: pytest.FixtureRequest, server: Server) -> Iterator[tuple[str, str]]:
    """Create a database of another encoding; returns the encoding and the URL."""
    url = server.create_database(options=f"ENCODING '{request.param}' LOCALE 'C'")
    yield request.param, url
    server.drop_database(url)


def refused(encoded: tuple[str, str], open_it: Opening, *, unsafe: bool = False) -> None:
    """Check that a database is refused because of its encoding."""
    encoding, url = encoded
    store = PostgresStore(url, unsafe=unsafe)
    with pytest.raises(StoreError) as trouble:
        open_it(store)
    assert (trouble.value.code, str(trouble.value)) == (
        "store_unsafe",
        f"The store {store.url} writes texts as {encoding}; airbook needs UTF8.",
    )


@pytest.mark.parametrize("open_it", WAYS)
def test_a_database_that_does_not_store_utf8_is_refused(
    server: Server, encoded: tuple[str, str], open_it: Opening
) -> None:
    refused(encoded, open_it)
    assert server.execute("SELECT to_regnamespace('airbook')", encoded[1]) == [(None,)]


def test_a_database_that_does_not_store_utf8_is_refused_even_as_unsafe(
    encoded: tuple[str, str],
) -> None:
    refused(encoded, commit, unsafe=True)
