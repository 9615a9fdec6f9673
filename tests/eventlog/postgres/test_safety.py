"""The database refuses to change or remove events, also to its owner."""

from __future__ import annotations

import psycopg
import pytest

from airbook.application.stores.store import Store
from airbook.eventlog.errors import FOREIGN_RULE, StoreError
from airbook.eventlog.log import Log
from tests.support.other_processes import reserving
from tests.support.stores import everything_in, execute
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = ''",
        "UPDATE stored_events SET topic = 'x' WHERE originator_id = 'reservation-6'",
        "UPDATE stored_events SET notification_id = notification_id + 100",
        "UPDATE stored_events SET topic = 'x' WHERE false",
        "DELETE FROM stored_events",
        "DELETE FROM stored_events WHERE notification_id = 3",
        "WITH gone AS (DELETE FROM stored_events RETURNING 1) SELECT count(*) FROM gone",
        "TRUNCATE stored_events",
        "TRUNCATE stored_events, numbers CASCADE",
        (
            "INSERT INTO stored_events VALUES ('airplane-1', 1, 'x', '', 99)"
            " ON CONFLICT (originator_id, originator_version) DO UPDATE SET topic = 'x'"
        ),
        (
            "MERGE INTO stored_events USING numbers ON originator_id = 'airplane-1'"
            " WHEN MATCHED THEN DELETE"
        ),
    ],
)
def test_the_database_refuses_its_owner_to_change_or_remove_an_event(
    log: Log, store: Store, statement: str
) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    before = everything_in(store)
    with pytest.raises(psycopg.errors.RaiseException, match="events are never changed or removed"):
        execute(store, statement)
    assert everything_in(store) == before


@pytest.mark.parametrize(
    "row", ["'airplane-1', 1, 'x', '', 99", "'airplane-9', 1, 'x', '', 3"], ids=["version", "place"]
)
def test_no_event_replaces_another(log: Log, store: Store, row: str) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    before = everything_in(store)
    with pytest.raises(psycopg.errors.UniqueViolation):
        execute(store, f"INSERT INTO stored_events VALUES ({row})")  # noqa: S608
    assert everything_in(store) == before


def test_a_disabled_trigger_and_a_missing_position_are_reported(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    assert log.diagnostics.complaints() == []
    execute(store, "ALTER TABLE stored_events DISABLE TRIGGER events_never_change")
    execute(store, "DELETE FROM stored_events WHERE notification_id = 3")
    assert log.diagnostics.complaints() == [
        "no trigger events_never_change",
        "17 events up to position 18",
    ]


def test_a_constraint_that_airbook_did_not_make_is_no_conflict(log: Log, store: Store) -> None:
    execute(store, "ALTER TABLE stored_events ADD CONSTRAINT rest CHECK (topic = '')")
    with pytest.raises(StoreError) as error:
        log.append(reserving("a"))
    assert (error.value.code, error.value.sentence) == ("store_read_only", FOREIGN_RULE)
    assert '"rest"' in str(error.value.values["rule"])


def test_a_person_reads_the_log_without_airbook(log: Log, store: Store) -> None:
    record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    assert execute(
        store,
        "SELECT notification_id, originator_id, originator_version, topic,"
        " convert_from(state, 'UTF8') FROM stored_events ORDER BY notification_id DESC LIMIT 1",
    ) == [
        (
            18,
            "reservation-6",
            2,
            "ReservationRejected.v1",
            '{"at":"2026-11-22T09:00:00.018Z","data":{"airplane":1,"reason":"no_seats_left"}}',
        )
    ]
