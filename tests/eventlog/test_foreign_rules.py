"""A trigger or a constraint that airbook did not make forbids what airbook writes."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Reserve
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import Conflict, Receipt
from airbook.eventlog.rows import EventRow, Rows
from tests.support.other_processes import reserving
from tests.support.stores import execute

SENTENCE = (
    "The store {} has a trigger or a constraint that airbook did not make, and it forbids that: {}"
)
# The statements that forbid to write to a table, and the one that allows it again.
TRIGGER = (
    "CREATE TRIGGER rest BEFORE INSERT ON {}"
    " BEGIN SELECT RAISE(ABORT, 'nobody flies on Sundays'); END"
)
FUNCTION = (
    "CREATE FUNCTION public.rest() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'nobody flies on Sundays'; END $$"
)
TRIGGER_OF_A_SERVER = (
    "CREATE TRIGGER rest BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION public.rest()"
)


def forbid(store: Store, table: str) -> None:
    if isinstance(store, PostgresStore):
        execute(store, FUNCTION)
        execute(store, TRIGGER_OF_A_SERVER.format(table))
    else:
        execute(store, TRIGGER.format(table))


def allow(store: Store, table: str) -> None:
    on = f" ON {table}" if isinstance(store, PostgresStore) else ""
    execute(store, f"DROP TRIGGER rest{on}")


@pytest.mark.parametrize("table", ["stored_events", "numbers"])
def test_a_foreign_trigger_is_no_conflict(log: Log, store: Store, table: str) -> None:
    forbid(store, table)
    with pytest.raises(StoreError) as error:
        log.append(reserving("a"))
    assert error.value.code == "store_read_only"
    assert str(error.value) == SENTENCE.format(
        store.url.removeprefix("sqlite:///"), "nobody flies on Sundays"
    )
    allow(store, table)
    assert log.append(reserving("a")) == Receipt(1, 1)


def test_a_command_reports_a_foreign_trigger(log: Log, store: Store) -> None:
    forbid(store, "stored_events")
    with Airbook(store) as airbook, pytest.raises(StoreError) as error:
        airbook.execute(Reserve(1, "kim"))
    assert (error.value.code, log.head()) == ("store_read_only", 0)


def test_an_event_that_is_there_already_is_a_conflict(log: Log) -> None:
    assert log.append(reserving("a")) == Receipt(1, 1)
    for row in (
        EventRow(1, "airplane-1", 1, "AirplaneCreated.v1", b"{}"),
        EventRow(2, "reservation-1", 1, "ReservationRequested.v1", b"{}"),
    ):
        with pytest.raises(Conflict):
            log.insert(Rows(events=[row]))
