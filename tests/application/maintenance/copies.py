"""Stores to copy, and reading them whole."""

from __future__ import annotations

from collections.abc import Generator
from itertools import cycle

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.maintenance.copying import copy
from airbook.application.responses import Copied
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.domain.refusal import Refused
from airbook.eventlog.records import (
    Checkpoint,
    ParkedReservation,
    Transaction,
)
from tests.support.stores import Tables, execute, open_log
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record

BATCH = 25


def populate(store: Store) -> None:
    """Fill a store with events, keys, customers, parked reservations and checkpoints."""
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    people = cycle(["kim", "이", "park"])
    with Airbook(store, actor=lambda: next(people)) as airbook:
        keys = [f"주문-{one}" if one % 3 else None for one in range(51)]
        orders = [
            Order(Reserve(1 + one % 2, f"고객 {one % 40}"), key=keys[one]) for one in range(51)
        ]
        for first in range(0, 51, 17):
            airbook.execute_all(orders[first : first + 17])
        parked = [
            ParkedReservation(7, 19, "no", "9h"),
            ParkedReservation(8, 20, "no", "9h", dropped=True),
        ]
        checkpoint = Checkpoint("approver", 40)
        airbook.log.append(Transaction(at=NINE, checkpoint=checkpoint, parked=parked))
        airbook.log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver-1-of-2", 0)))
        assert airbook.log.head() == 18 + 51


SAME_TABLES = ("numbers", "keys", "customers", "actors", "parked", "digests")


SQLITE_QUERIES = {
    "stored_events": "SELECT rowid, * FROM stored_events",
    "tracking": "SELECT * FROM tracking WHERE application_name <> '__migration__'",
}


POSTGRES_QUERIES = {
    "stored_events": "SELECT notification_id, originator_id, originator_version, topic, state"
    " FROM stored_events",
    "tracking": "SELECT * FROM notification_tracking",
}


def contents(store: Store) -> Tables:
    """Read every table that a copy must contain, by the names of the tables in SQLite."""
    queries = POSTGRES_QUERIES if isinstance(store, PostgresStore) else SQLITE_QUERIES
    tables = {name: execute(store, query) for name, query in queries.items()}
    tables |= {name: execute(store, f"SELECT * FROM {name}") for name in SAME_TABLES}  # noqa: S608
    return {name: sorted(rows) for name, rows in tables.items()}


def run_to_the_end(steps: Generator[int, None, Copied]) -> tuple[list[int], Copied]:
    """Run a copy to its end; returns the positions it yielded and what it returned."""
    reached = list[int]()
    while True:
        try:
            reached.append(next(steps))
        except StopIteration as end:
            copied: Copied = end.value
            return reached, copied


def copied(source: Store, target: Store) -> Copied:
    """Copy a store to another one, which is created if necessary."""
    target.create()
    with open_log(source) as old, open_log(target) as new:
        return run_to_the_end(copy(old, new))[1]


def refusal(source: Store, target: Store) -> str:
    """Return the code of the refusal to copy a store to another one."""
    with pytest.raises(Refused) as refused:
        copied(source, target)
    return refused.value.code
