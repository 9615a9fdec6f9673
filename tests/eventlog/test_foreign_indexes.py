"""A unique index that airbook did not make forbids what airbook writes."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.daemon.approver import Approver
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.postgres.errors import INDEXES
from airbook.eventlog.records import Conflict, Customer, ParkedReservation, Receipt
from airbook.eventlog.rows import Rows
from tests.support.other_processes import prepare, reserving
from tests.support.stores import execute
from tests.support.stories import NINE, at

SENTENCE = (
    "The store {} has a trigger or a constraint that airbook did not make, and it forbids that: {}"
)
REJECTED_ONCE = (
    "CREATE UNIQUE INDEX mine ON stored_events (topic) WHERE topic = 'ReservationRejected.v1'"
)


def forbidden(store: Store, columns: str) -> str:
    """Return what airbook says of the unique index `mine` over some columns."""
    rule = f"UNIQUE constraint failed: {columns}"
    if isinstance(store, PostgresStore):
        rule = 'duplicate key value violates unique constraint "mine"'
    return SENTENCE.format(store.url.removeprefix("sqlite:///"), rule)


def allow(store: Store) -> None:
    execute(store, "DROP INDEX mine")


def test_a_foreign_index_is_no_conflict(log: Log, store: Store) -> None:
    execute(store, "CREATE UNIQUE INDEX mine ON stored_events (topic)")
    assert log.append(reserving("a")) == Receipt(1, 1)
    with pytest.raises(StoreError) as error:
        log.append(reserving("b"))
    assert error.value.code == "store_read_only"
    assert str(error.value) == forbidden(store, "stored_events.topic")
    assert log.head() == 1
    allow(store)
    assert log.append(reserving("b")) == Receipt(2, 2)


def test_a_foreign_index_over_the_columns_of_an_own_one_is_told_too(store: Store) -> None:
    name = "lower(name)" if isinstance(store, PostgresStore) else "name COLLATE NOCASE"
    with Airbook(store) as airbook:
        airbook.execute(Reserve(1, "kim"))
        execute(store, f"CREATE UNIQUE INDEX mine ON customers ({name})")
        airbook.execute(Reserve(1, "kim"))
        with pytest.raises(StoreError) as error:
            airbook.execute(Reserve(1, "Kim"))
        assert str(error.value) == forbidden(store, "customers.name")
        allow(store)
        assert airbook.execute(Reserve(1, "Kim")).number == 3


def test_an_approver_reports_a_foreign_index(log: Log, store: Store) -> None:
    for key in ("a", "b"):
        log.append(reserving(key, airplane=9))
    execute(store, REJECTED_ONCE)
    with pytest.raises(StoreError) as error:
        Approver(log, lambda: NINE).step()
    assert str(error.value) == forbidden(store, "stored_events.topic")
    allow(store)
    deciding = Approver(log, lambda: NINE)
    while deciding.step():
        pass
    assert (log.head(), log.registry.parked()) == (4, [])


def test_an_operator_is_told_of_a_foreign_index(log: Log, store: Store) -> None:
    parked = [ParkedReservation(number, number, "a fault", at(3)) for number in (1, 2)]
    log.insert(Rows(parked=parked))
    execute(
        store,
        "CREATE UNIQUE INDEX mine ON parked (error, retry) WHERE dropped = {}".format(
            "true" if isinstance(store, PostgresStore) else 1
        ),
    )
    assert log.drop(1)
    with pytest.raises(StoreError) as error:
        log.drop(2)
    assert str(error.value) == forbidden(store, "parked.error, parked.retry")
    allow(store)
    assert log.drop(2)


def test_a_name_that_another_writer_has_stored_is_a_conflict(log: Log) -> None:
    log.insert(Rows(customers=[Customer("c1", "kim")]))
    for row in (Customer("c1", "lee"), Customer("c2", "kim")):
        with pytest.raises(Conflict):
            log.insert(Rows(customers=[row]))


def test_the_indexes_of_a_new_log_are_known(database: str) -> None:
    prepare(database)
    query = (
        "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE relnamespace = 'airbook'::regnamespace AND indisunique"
    )
    of_schema_1 = {"commands_pkey"}
    assert {name for (name,) in execute(PostgresStore(database), query)} == set(
        INDEXES
    ) - of_schema_1
