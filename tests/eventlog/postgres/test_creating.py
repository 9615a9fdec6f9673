"""A database is prepared once, also when many processes prepare it at once."""

from __future__ import annotations

from functools import partial

import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.records import Receipt
from tests.support.other_processes import prepare, reserving
from tests.support.postgres_server import Server
from tests.support.processes import at_once
from tests.support.stores import everything_in, execute, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


@pytest.mark.process
def test_eight_processes_prepare_a_database_at_once_and_all_succeed(
    server: Server, database: str
) -> None:
    role = server.create_role("app")
    at_once(*(partial(prepare, database, one) for one in (None, role) * 4))
    with open_log(PostgresStore(server.url(database, role))) as log:
        assert log.append(reserving("a")) == Receipt(1, 1)
    ((identities,),) = execute(PostgresStore(database), "SELECT count(*) FROM identity")
    assert identities == 1


@pytest.mark.process
def test_eight_processes_prepare_two_databases_for_one_role_and_all_succeed(
    server: Server, database: str
) -> None:
    role = server.create_role("app")
    another = server.create_database()
    at_once(*(partial(prepare, url, role) for url in (database, another) * 4))
    for url in (database, another):
        with open_log(PostgresStore(server.url(url, role))) as log:
            assert log.append(reserving("a")) == Receipt(1, 1)
    server.drop_database(another)


def test_preparing_a_database_again_changes_nothing_in_it(store: Store) -> None:
    assert isinstance(store, PostgresStore)
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        before = everything_in(store)
        prepare(store.secret_url)
        assert everything_in(store) == before
        assert log.append(reserving("a")) == Receipt(7, len(FIVE_SEATS_SIX_CUSTOMERS) + 1)
