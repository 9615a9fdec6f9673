"""A database that cannot be used is reported in one sentence when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError, Trouble
from airbook.eventlog.log import Log
from airbook.eventlog.postgres import errors, schema
from airbook.eventlog.postgres.connection import Server as Place
from airbook.eventlog.records import Receipt
from tests.eventlog.postgres.opening import OPENINGS, Opening, commit, read_the_views
from tests.support.other_processes import reserving
from tests.support.ports import reserved_port
from tests.support.postgres_server import OwnServer, Server
from tests.support.stores import everything_in, execute, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record

TRANSACTION_TIMEOUT_SINCE = 170000
NEWER = "The store {store} was made by a newer airbook."
OLDER = "The store {store} was made by an older airbook."
MISSING = "There is no store at {store} yet."
OFF = "The store {store} has %s off: what it acknowledges may be lost."
FUNCTION = (
    "The store {store} has the function es_insert_events_text: what it writes can be overlooked."
)
FUNCTION_OF_THE_LIBRARY = (
    "CREATE FUNCTION airbook.es_insert_events_text() RETURNS int LANGUAGE sql AS 'SELECT 1'"
)


@pytest.mark.parametrize("open_it", OPENINGS)
@pytest.mark.parametrize(
    ("statement", "code", "sentence"),
    [
        ("COMMENT ON SCHEMA airbook IS 'airbook''s log, schema 3'", "store_newer", NEWER),
        ("COMMENT ON SCHEMA airbook IS 'airbook''s log, schema 0'", "store_older", OLDER),
        ("COMMENT ON SCHEMA airbook IS 'recipes'", "store_missing", MISSING),
        ("COMMENT ON SCHEMA airbook IS NULL", "store_missing", MISSING),
        ("DROP SCHEMA airbook, airbook_views CASCADE", "store_missing", MISSING),
        (FUNCTION_OF_THE_LIBRARY, "store_unsafe", FUNCTION),
    ],
    ids=["newer", "older", "foreign", "no comment", "empty", "function"],
)
def test_a_store_that_cannot_be_used_is_named_and_not_changed(
    store: Store, statement: str, code: Trouble, sentence: str, open_it: Opening
) -> None:
    execute(store, statement)
    before = everything_in(store)
    with pytest.raises(StoreError) as trouble:
        open_it(store)
    assert (trouble.value.code, str(trouble.value)) == (code, sentence.format(store=store.url))
    assert everything_in(store) == before


@pytest.mark.parametrize("code", ["store_newer", "store_unsafe"])
def test_a_newer_or_unsafe_store_is_not_prepared_again(store: Store, code: Trouble) -> None:
    assert isinstance(store, PostgresStore)
    newer = "COMMENT ON SCHEMA airbook IS 'airbook''s log, schema 3'"
    execute(store, newer if code == "store_newer" else FUNCTION_OF_THE_LIBRARY)
    with pytest.raises(StoreError) as trouble:
        schema.create(Place(store.secret_url))
    assert trouble.value.code == code


@pytest.fixture
def hasty(server: Server, store: Store) -> str:
    """Create a role whose commits do not wait for the disk; returns its URL of the store."""
    assert isinstance(store, PostgresStore)
    role = server.create_role("hasty")
    schema.create(Place(store.secret_url), role=role)
    server.execute(f'ALTER ROLE "{role}" SET synchronous_commit = off')
    return server.url(store.secret_url, role)


@pytest.mark.parametrize("open_it", OPENINGS)
def test_a_role_that_does_not_wait_for_the_disk_is_refused(hasty: str, open_it: Opening) -> None:
    store = PostgresStore(hasty)
    with pytest.raises(StoreError) as trouble:
        open_it(store)
    sentence = (OFF % "synchronous_commit").format(store=store.url)
    assert (trouble.value.code, str(trouble.value)) == ("store_unsafe", sentence)


def test_a_url_with_synchronous_commit_off_is_refused(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    hasty = PostgresStore(f"{store.secret_url}&options=-c%20synchronous_commit%3Doff")
    with pytest.raises(StoreError) as trouble:
        commit(hasty)
    assert trouble.value.code == "store_unsafe"


@pytest.mark.parametrize("setting", ["local", "remote_write", "remote_apply"])
def test_every_other_value_of_synchronous_commit_is_accepted(store: Store, setting: str) -> None:
    assert isinstance(store, PostgresStore)
    waiting = f"{store.secret_url}&options=-c%20synchronous_commit%3D{setting}"
    with open_log(PostgresStore(waiting)) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)


def test_a_store_opened_as_unsafe_need_not_wait_for_the_disk(hasty: str) -> None:
    store = PostgresStore(hasty, unsafe=True)
    with open_log(store) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)
    read_the_views(store)


def test_a_store_that_would_overlook_events_is_refused_even_as_unsafe(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    execute(store, FUNCTION_OF_THE_LIBRARY)
    with pytest.raises(StoreError) as trouble:
        commit(PostgresStore(store.secret_url, unsafe=True))
    assert trouble.value.code == "store_unsafe"


@pytest.fixture
def never_synced() -> Iterator[str]:
    """Run a server whose setting fsync is off; returns the URL of a store on it."""
    with closing(OwnServer()) as server:
        server.start()
        url = server.create_database()
        schema.create(Place(url))
        server.execute("ALTER SYSTEM SET fsync = off")
        server.restart()
        yield url


@pytest.mark.postgres
def test_a_server_that_never_syncs_is_refused_unless_it_is_opened_as_unsafe(
    never_synced: str,
) -> None:
    store = PostgresStore(never_synced)
    with pytest.raises(StoreError) as trouble:
        commit(store)
    assert (trouble.value.code, str(trouble.value)) == (
        "store_unsafe",
        (OFF % "fsync").format(store=store.url),
    )
    with pytest.raises(StoreError) as trouble:
        schema.create(Place(never_synced))
    assert trouble.value.code == "store_unsafe"
    with open_log(PostgresStore(never_synced, unsafe=True)) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)


def test_a_missing_database_and_a_missing_server_are_unreachable(
    server: Server,
) -> None:
    gone, missing = server.create_database(), "postgresql://postgres@127.0.0.1:1/airbook"
    server.drop_database(gone)
    for url in (gone, missing):
        with pytest.raises(StoreError) as trouble:
            commit(PostgresStore(url))
        assert trouble.value.code == "store_unreachable"


@pytest.mark.parametrize(
    ("account", "is_passing"), [("", True), ("airbook:wrong@", False), ("nobody@", False)]
)
def test_a_server_that_is_down_may_come_back_and_a_login_that_is_refused_may_not(
    account: str, is_passing: bool
) -> None:
    with reserved_port() as port, closing(OwnServer(port)) as server:
        url = f"postgresql://{account}127.0.0.1:{port}/postgres"
        if not is_passing:
            server.start()
        with pytest.raises(StoreError) as trouble:
            commit(PostgresStore(url))
    assert (trouble.value.code, trouble.value.passing) == ("store_unreachable", is_passing)


def test_a_time_limit_of_the_server_for_transactions_interrupts(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    with psycopg.connect(store.secret_url) as connection:
        if connection.info.server_version < TRANSACTION_TIMEOUT_SINCE:
            pytest.skip("an older server has no such limit")
        connection.execute("SET transaction_timeout = 1")
        with (
            pytest.raises(errors.Interrupted) as trouble,
            errors.translate_errors(store.secret_url),
        ):
            connection.execute("SELECT pg_sleep(1)")
    assert (trouble.value.code, trouble.value.passing) == ("store_unreachable", True)


def test_a_password_is_never_shown() -> None:
    store = PostgresStore("postgresql://me:s3cret@127.0.0.1:1/airbook?password=s3cret")
    with pytest.raises(StoreError) as trouble:
        commit(store)
    shown = f"{trouble.value} {trouble.value.values} {trouble.value.args} {store.url}"
    assert "s3cret" not in shown


def test_a_store_that_stays_locked_is_busy_and_can_be_read_and_used_afterwards(
    log: Log, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(store, PostgresStore)
    monkeypatch.setattr(errors, "PATIENCE_SECONDS", 0.0)
    head = record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with psycopg.connect(store.secret_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", schema.WRITING)
        with pytest.raises(StoreError) as trouble:
            log.append(reserving("a"))
        assert trouble.value.code == "store_busy"
        assert log.head() == head
    assert log.append(reserving("a")) == Receipt(7, head + 1)


def test_a_read_only_database_is_reported_as_such(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    read_only = f"{store.secret_url}&options=-c%20default_transaction_read_only%3Don"
    with open_log(PostgresStore(read_only)) as log:
        with pytest.raises(StoreError) as trouble:
            log.append(reserving("a"))
        assert (trouble.value.code, log.head()) == ("store_read_only", 0)
    with open_log(store) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)


def test_an_error_of_the_program_is_not_translated(log: Log) -> None:
    nonsense: Any = object()
    with pytest.raises(psycopg.ProgrammingError):
        log.registry.customers(nonsense, 1)
    assert log.append(reserving("a")) == Receipt(1, 1)
