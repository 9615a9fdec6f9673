"""The doctor finds every altered column of a log on a server."""

from __future__ import annotations

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.maintenance.doctor import examine
from airbook.application.stores.postgres import PostgresStore
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.records import Checkpoint, ParkedReservation, Transaction
from tests.support.stores import execute
from tests.support.stories import NINE, at
from tests.support.tampering import tamper

COLUMNS = {
    "stored_events": ("originator_id", "originator_version", "topic", "state", "notification_id"),
    "notification_tracking": ("application_name", "notification_id"),
    "numbers": ("kind", "last"),
    "keys": ("key", "contents", "number", "position"),
    "customers": ("id",),
    "parked": ("reservation", "position", "error", "at"),
    "digests": ("position", "number", "registry", "digest"),
}
ALTERED = {"text": "{} || 'x'", "bigint": "{} + 1000", "bytea": "{} || '\\x00'::bytea"}
KEYS = (
    "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid"
    " AND attnum = ANY(indkey) WHERE indisprimary AND indrelid = ?::regclass"
)


def made(database: str) -> PostgresStore:
    """Make a log whose tables have a row each."""
    store = PostgresStore(database)
    store.create()
    with Airbook(store) as airbook:
        airbook.execute(CreateAirplane(5))
        airbook.execute_all([Order(Reserve(1, "kim"), key="k")])
        parked = ParkedReservation(1, 2, "an error", at(0), dropped=True)
        checkpoint = Checkpoint("approver", 2)
        airbook.log.append(Transaction(at=NINE, checkpoint=checkpoint, parked=[parked]))
        assert examine(airbook).findings == []
    return store


def codes(store: PostgresStore) -> set[str]:
    """Return the codes of the findings of the doctor."""
    with Airbook(store) as airbook:
        return {finding.code for finding in examine(airbook).findings}


def test_every_column_of_every_table(database: str):
    store = made(database)
    tamper(store, "SELECT 1")  # the triggers stay disabled, which is a finding of its own
    unnoticed = codes(store)
    for table, columns in COLUMNS.items():
        keys = {name for (name,) in execute(store, KEYS, f"airbook.{table}")}
        rows = f"FROM {table}"
        before = execute(store, f"SELECT * {rows}")
        for column in columns:
            kind = execute(store, f"SELECT pg_typeof({column})::text {rows} LIMIT 1")[0][0]
            changes = [ALTERED[kind].format(column)]
            if column not in keys:
                execute(store, f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
                changes.append("NULL")
            for change in changes:
                execute(store, f"UPDATE {table} SET {column} = {change}")  # noqa: S608
                found = codes(store) - unnoticed
                assert found, (table, column, change)
                execute(store, f"DELETE {rows}")
                for row in before:
                    values = ", ".join("?" * len(row))
                    execute(store, f"INSERT INTO {table} VALUES ({values})", *row)  # noqa: S608
    assert codes(store) == unnoticed
