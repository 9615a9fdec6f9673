"""A log of schema 1 on a server is brought up to date by its owner alone."""

from __future__ import annotations

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from airbook.eventlog.records import Receipt
from airbook.eventlog.verification import broken_commits
from tests.support.other_processes import reserving
from tests.support.postgres_server import Server
from tests.support.schema_1 import make_schema_1, schema_of
from tests.support.stores import everything_in, execute, open_log


def test_opening_a_log_on_a_server_does_not_change_it(older: Store) -> None:
    assert isinstance(older, PostgresStore)
    before = everything_in(older)
    with pytest.raises(StoreError) as trouble, open_log(older) as log:
        log.head()
    assert (trouble.value.code, everything_in(older)) == ("store_older", before)


def test_statements_for_an_administrator_refuse_a_log_of_schema_1(older: Store) -> None:
    assert isinstance(older, PostgresStore)
    with pytest.raises(Exception, match="airbook store init"):
        execute(older, next(older.sql()))
    assert schema_of(older) == 1


def test_roles_may_do_with_what_is_new_what_they_may_do_with_events(
    store: Store, server: Server
) -> None:
    assert isinstance(store, PostgresStore)
    roles = server.create_role("app"), server.create_role("reader")
    schema.create(Place(store.secret_url), role=roles[0], reader=roles[1])
    app, reader = (PostgresStore(server.url(store.secret_url, role)) for role in roles)
    make_schema_1(store)
    store.create()
    with open_log(app) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)
    with open_log(reader) as log:
        assert (log.digest_at(1) != "", broken_commits(log)) == (True, [])
        with pytest.raises(StoreError):
            log.append(reserving("b"))
