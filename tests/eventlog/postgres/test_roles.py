"""A role that works with the log owns no part of it, and has only the rights that airbook needs."""

from __future__ import annotations

from itertools import groupby

import psycopg
import pytest

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from airbook.eventlog.records import Actor, Checkpoint, Customer, ParkedReservation, Transaction
from tests.support.other_processes import reserving
from tests.support.postgres_server import Server
from tests.support.processes import SECONDS
from tests.support.stores import everything_in, execute, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, at, of_airplane, record
from tests.support.views import catch_up, expected_tables, open_views, rebuild_all, whole_tables


def member(server: Server, store: Store) -> PostgresStore:
    """Create a role that may append to a store; returns its store."""
    assert isinstance(store, PostgresStore)
    role = server.create_role("member")
    schema.create(Place(store.secret_url), role=role)
    return PostgresStore(server.url(store.secret_url, role))


@pytest.fixture
def app(server: Server, store: Store) -> PostgresStore:
    """Create a role that may append; returns its store."""
    return member(server, store)


def do_everything(store: PostgresStore) -> None:
    """Use every function of airbook that writes or reads."""
    lease = store.lease()
    with open_log(store) as log, log.listener() as listener:
        head = record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        log.append(reserving("a", customer=Customer("c1", "kim"), actor=Actor("a1", "lee")))
        assert log.append(reserving("a")).repeated
        parked = ParkedReservation(7, head + 1, "ValueError: no", at(0))
        log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver", 1), parked=(parked,)))
        log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver", head + 1)))
        assert (log.retry(7), log.drop(7)) == (True, True)
        log.append(Transaction(at=NINE, settled=(7,)))
        assert listener.wait(SECONDS)
        assert lease.acquire()
        assert lease.beat()
        assert set(log.diagnostics.heartbeats()) == {"daemon"}
        lease.release()
        assert log.diagnostics.complaints() == []
        assert log.registry.customer_names(["c1"]) == {"c1": "kim"}
        assert log.registry.actors.names(["a1"]) == {"a1": "lee"}
        with open_views(log, store) as views:
            catch_up(views, 5)
            assert whole_tables(views) == expected_tables(views)
            rebuild_all(views)
            assert whole_tables(views) == expected_tables(views)


OWNED = (
    "SELECT relname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname = ?"
    " UNION ALL SELECT nspname FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner"
    " WHERE rolname = ? UNION ALL SELECT proname FROM pg_proc"
    " JOIN pg_roles ON pg_roles.oid = proowner WHERE rolname = ?"
)
RIGHTS = (
    "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
    " WHERE grantee = ? ORDER BY 1, 2"
)


def role_of(store: PostgresStore) -> str:
    ((role,),) = execute(store, "SELECT current_user")
    return str(role)


def test_a_role_that_owns_nothing_does_all_that_airbook_does(
    app: PostgresStore, store: Store
) -> None:
    do_everything(app)
    assert execute(store, OWNED, *[role_of(app)] * 3) == []
    rights = execute(store, RIGHTS, role_of(app))
    assert {
        table: [right for _, right in found]
        for table, found in groupby(rights, key=lambda row: str(row[0]))
    } == {
        "actors": ["INSERT", "SELECT"],
        "digests": ["INSERT", "SELECT"],
        "keys": ["INSERT", "SELECT"],
        "customers": ["INSERT", "SELECT"],
        "heartbeats": ["DELETE", "INSERT", "SELECT", "UPDATE"],
        "identity": ["SELECT"],
        "notification_tracking": ["INSERT", "SELECT", "UPDATE"],
        "numbers": ["INSERT", "SELECT", "UPDATE"],
        "parked": ["DELETE", "INSERT", "SELECT", "UPDATE"],
        "tokens": ["INSERT", "SELECT", "UPDATE"],
        "stored_events": ["INSERT", "SELECT"],
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'x'",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "DROP TABLE stored_events",
        "DROP SCHEMA airbook CASCADE",
        "ALTER TABLE stored_events DISABLE TRIGGER events_never_change",
        "DROP TRIGGER events_never_change ON stored_events",
        (
            "CREATE OR REPLACE FUNCTION airbook.events_never_change() RETURNS trigger"
            " LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        ),
        "CREATE RULE gone AS ON INSERT TO stored_events DO INSTEAD NOTHING",
        "CREATE TABLE airbook.mine (id int)",
        "COMMENT ON SCHEMA airbook IS 'mine'",
        "SET session_replication_role = replica",
        "UPDATE identity SET id = 'x'",
        "UPDATE keys SET contents = 'x'",
        "DELETE FROM customers",
        "UPDATE actors SET name = 'x'",
        "DELETE FROM actors",
    ],
)
def test_a_role_that_owns_nothing_cannot_change_what_is_stored(
    app: PostgresStore, store: Store, statement: str
) -> None:
    with open_log(app) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    before = everything_in(store)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        execute(app, statement)
    assert everything_in(store) == before


def test_all_roles_of_a_store_share_its_views(
    server: Server, app: PostgresStore, store: Store
) -> None:
    roles = (app, member(server, store), store, app)
    for number, one in enumerate(roles, 1):
        with open_log(one) as log, open_views(log, one) as views:
            record(log, *of_airplane(number, AirplaneCreated(5)))
            catch_up(views)
            assert whole_tables(views) == expected_tables(views)
            rebuild_all(views)
            assert whole_tables(views) == expected_tables(views)


def test_views_that_the_owner_created_before_are_shared_too(server: Server, store: Store) -> None:
    with open_log(store) as log, open_views(log, store) as views:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        catch_up(views, 5)
    late = member(server, store)
    with open_log(late) as log, open_views(log, late) as views:
        record(log, *of_airplane(2, AirplaneCreated(5)))
        catch_up(views)
        rebuild_all(views)
        assert whole_tables(views) == expected_tables(views)


@pytest.mark.parametrize("member_too", [None, "at once", "before"])
def test_a_reader_role_reads_everything_and_changes_nothing(
    server: Server, store: Store, member_too: str | None
) -> None:
    assert isinstance(store, PostgresStore)
    place, looker, role = Place(store.secret_url), server.create_role("looker"), None
    if member_too:
        role = server.create_role("member")
        if member_too == "before":
            schema.create(place, role=role)
    schema.create(place, role=role if member_too == "at once" else None, reader=looker)
    working = PostgresStore(server.url(store.secret_url, role))
    with open_log(working) as log, open_views(log, working) as views:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
        rebuild_all(views)
        catch_up(views)
    kept = everything_in(store)
    looking = PostgresStore(server.url(store.secret_url, looker))
    with open_log(looking) as log, open_views(log, looking) as views:
        assert whole_tables(views) == expected_tables(views)
        with pytest.raises(StoreError) as trouble:
            log.append(reserving("a"))
        assert trouble.value.code == "store_read_only"
        with pytest.raises(StoreError) as trouble:
            rebuild_all(views)
        assert trouble.value.code == "store_read_only"
    assert everything_in(store) == kept


def test_a_role_without_rights_cannot_read(server: Server, store: Store) -> None:
    assert isinstance(store, PostgresStore)
    stranger = PostgresStore(server.url(store.secret_url, server.create_role("stranger")))
    with open_log(stranger) as log, pytest.raises(StoreError) as trouble:
        log.head()
    assert trouble.value.code == "store_read_only"
