"""A copy equals its source, also when copying was killed and continued several times."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Generator
from functools import partial
from pathlib import Path
from threading import Timer

import pytest

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.maintenance import copying
from airbook.application.maintenance.copying import copy
from airbook.application.responses import Copied
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.domain.refusal import Refused
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Checkpoint,
    Customer,
    IdempotencyKey,
    ParkedReservation,
    Receipt,
    Stream,
    Transaction,
)
from airbook.eventlog.rows import Rows
from tests.support.other_processes import NEW_AIRPLANE, NEW_RESERVATION
from tests.support.processes import SECONDS
from tests.support.stores import Tables, everything_in, execute, open_log, recorder_of, store_as_is
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record

BATCH = 25
MAX_DELAY_SECONDS = 0.004  # about the duration of a transaction
WRITES = 8  # three of events, two of keys, two of customers, one of the rest


def populate(store: Store) -> None:
    """Fill a store with events, keys, customers, parked reservations and checkpoints."""
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with Airbook(store) as airbook:
        keys = [f"주문-{one}" if one % 3 else None for one in range(51)]
        airbook.execute_all(
            [Order(Reserve(1 + one % 2, f"고객 {one % 40}"), key=keys[one]) for one in range(51)]
        )
        parked = [
            ParkedReservation(7, 19, "no", "9h"),
            ParkedReservation(8, 20, "no", "9h", dropped=True),
        ]
        checkpoint = Checkpoint("approver", 40)
        airbook.log.append(Transaction(at=NINE, checkpoint=checkpoint, parked=parked))
        airbook.log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver-1-of-2", 0)))
        assert airbook.log.head() == 18 + 51


SAME_TABLES = ("numbers", "commands", "customers", "parked")
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


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BATCH", BATCH)


@pytest.fixture
def source(tmp_path: Path) -> SQLiteStore:
    """Create a SQLite store with rows in every table."""
    store = SQLiteStore(tmp_path / "source" / "airbook.db")
    populate(store)
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return a store of each kind, not created yet."""
    if request.param == "sqlite":
        return SQLiteStore(tmp_path / "target" / "airbook.db")
    return PostgresStore(request.getfixturevalue("database"))


def test_a_log_copied_to_a_server_and_back_is_the_same(
    source: Store, database: str, tmp_path: Path
):
    server, back = PostgresStore(database), SQLiteStore(tmp_path / "back" / "airbook.db")
    before = contents(source)
    forth, home = copied(source, server), copied(server, back)
    assert forth == home
    assert (forth.events, forth.keys, forth.customers) == (69, 34, 40)
    assert contents(server) == contents(back) == contents(source) == before
    tables, tables_back = everything_in(source), everything_in(back)
    different = {name for name in tables if sorted(tables[name]) != sorted(tables_back[name])}
    assert tables.keys() == tables_back.keys()
    assert different == {"identity"}


def test_copying_yields_the_positions_it_reaches(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new:
        assert run_to_the_end(copy(old, new))[0] == [25, 50, 69]
        assert run_to_the_end(copy(old, new))[0] == []


def test_a_log_without_events(target: Store, tmp_path: Path):
    empty = SQLiteStore(tmp_path / "empty" / "airbook.db")
    empty.create()
    result = copied(empty, target)
    assert (result.events, result.keys, result.customers) == (0, 0, 0)
    assert contents(target) == contents(empty)


def refusal(source: Store, target: Store) -> str:
    """Return the code of the refusal to copy a store to another one."""
    with pytest.raises(Refused) as refused:
        copied(source, target)
    return refused.value.code


def test_copying_a_log_to_itself_changes_nothing(source: Store):
    before = everything_in(source)
    assert refusal(source, source) == "store_same"
    assert everything_in(source) == before


def test_the_copy_continues_numbers_positions_and_keys(source: Store, target: Store):
    copied(source, target)
    with Airbook(source) as old, Airbook(target) as new:
        requests = [
            Order(Reserve(2, "고객 1"), key="주문-1"),
            Order(Reserve(1, "고객 1"), key="new"),
            Order(Reserve(1, "new")),
        ]
        answers = new.execute_all(requests)
        assert answers == old.execute_all(requests)
        assert answers == [Receipt(8, 20, repeated=True), Receipt(58, 70), Receipt(59, 71)]
        with pytest.raises(Refused, match="주문-1"):
            new.execute(Reserve(7, "고객 1"), key="주문-1")
        assert new.log.append(Transaction(at=NINE, appends=(NEW_AIRPLANE,))) == Receipt(2, 72)
        assert new.log.checkpoint("approver") == 40
        events = new.log.after(0)
        assert [recorded.position for recorded in events] == list(range(1, 73))
        assert [recorded.data for recorded in events[:69]] == [
            recorded.data for recorded in old.log.after(0)[:69]
        ]


def grow(store: Store) -> None:
    """Add rows to every table of a store, and settle a parked reservation."""
    with Airbook(store) as airbook:
        airbook.execute_all([Order(Reserve(1, f"late {one}"), key=f"0 {one}") for one in range(30)])
        parked = [
            ParkedReservation(8, 20, "again", "10h", retry=True),
            ParkedReservation(9, 21, "no", "10h"),
        ]
        transaction = Transaction(
            at=NINE, checkpoint=Checkpoint("approver", 50), parked=parked, settled=[7]
        )
        airbook.log.append(transaction)


def test_copying_again_continues_where_it_ended(source: Store, target: Store):
    first = copied(source, target)
    grow(source)
    target.create()
    with open_log(source) as old, open_log(target) as new:
        reached, second = run_to_the_end(copy(old, new))
    assert reached == [94, 99]
    assert contents(target) == contents(source)
    assert (second.events, second.keys, second.customers) == (99, 64, 70)
    assert second.digest != first.digest


def test_events_added_while_copying_are_copied_too(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new:
        steps = copy(old, new)
        assert next(steps) == 25
        grow(source)
        assert run_to_the_end(steps)[0] == [50, 75, 99]
    assert contents(target) == contents(source)


class GrowingLog(Log):
    """A log that grows each time its head is read, which is after the keys were copied."""

    def head(self) -> int:
        head = super().head()
        self.append(Transaction(at=NINE, appends=(NEW_RESERVATION,)))
        return head


def test_copying_a_log_that_keeps_growing_is_refused(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new, pytest.raises(Refused) as refused:
        run_to_the_end(copy(GrowingLog(recorder_of(old)), new))
    assert refused.value.code == "store_growing"
    copied(source, target)
    assert contents(target) == contents(source)


def test_events_added_while_verifying_are_copied_too(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
):
    late = [Transaction(at=NINE, appends=(NEW_RESERVATION,))]
    digest = copying.digest

    def append_and_digest(log: Log) -> Copied:
        if late:
            log.append(late.pop())
        return digest(log)

    monkeypatch.setattr(copying, "digest", append_and_digest)
    assert copied(source, target).events == 70
    assert contents(target) == contents(source)


def test_a_target_with_events_of_its_own_is_refused_and_not_changed(source: Store, target: Store):
    target.create()
    with Airbook(target) as airbook:
        airbook.execute(Reserve(1, "kim"), key="k")
    before = contents(target)
    assert refusal(source, target) == "store_not_empty"
    assert contents(target) == before


def test_a_copy_with_other_events_since_is_refused_and_not_changed(source: Store, target: Store):
    copied(source, target)
    with Airbook(target) as airbook:
        airbook.execute(Reserve(1, "kim"), key="k")
    before = contents(target)
    for grown in (False, True):
        if grown:
            grow(source)
        assert refusal(source, target) == "store_not_empty"
    assert contents(target) == before


def test_a_changed_copy_is_not_verified(source: Store, target: Store):
    copied(source, target)
    on = " ON stored_events" if isinstance(target, PostgresStore) else ""
    execute(target, f"DROP TRIGGER facts_never_change{on}")
    execute(
        target, "UPDATE stored_events SET state = ? WHERE originator_id = 'reservation-3'", b"{}"
    )
    assert refusal(source, target) == "copy_differs"


def test_unreadable_events_are_copied_unchanged(source: Store, target: Store):
    hostile = (b"\x00\xff", b"", b'{"airplane":', b"[" * 100_000, "\u202e".encode())
    for version, state in enumerate(hostile, 1):
        store_as_is(source, "whale-1", version, f"Unheard{version}.v9", state)
    copied(source, target)
    assert contents(target) == contents(source)
    with open_log(target) as log:
        events = [recorded.event for recorded in log.stream(Stream("whale", 1))]
        assert [type(event) for event in events] == [UnreadableEvent] * len(hostile)


def test_keys_and_names_of_any_characters_are_read_in_the_same_order_on_every_store(
    target: Store, tmp_path: Path
):
    store = SQLiteStore(tmp_path / "source" / "airbook.db")
    texts = ["a", "B", "b", "A", "ä", "z", "Z", "가", "\U0001f6eb", "_", "-", "~", "0", "10", "9"]
    keys = [one + other for one in texts for other in ("", *texts)]
    with Airbook(store) as airbook:
        airbook.execute_all([Order(Reserve(1, key), key=key) for key in keys])
        for place, name in enumerate(texts):
            customer = Customer(name, f"named {place}")
            airbook.log.append(
                Transaction(at=NINE, customer=customer, key=IdempotencyKey(f"k{place}", "c"))
            )
    assert copied(store, target).keys == len(keys) + len(texts)
    assert contents(target) == contents(store)


def copy_and_die(source: Store, target: Store, at: int) -> None:
    """Copy a store, and die at random while a transaction is committed.

    at: the number of that transaction, from 1; 0 copies to the end and exits with their count.
    """
    copying.BATCH = BATCH
    target.create()
    with open_log(source) as old, open_log(target) as new:
        written = 0
        write = new.insert

        def write_and_die(rows: Rows) -> None:
            nonlocal written
            written += 1
            if written == at:
                Timer(random.uniform(0, MAX_DELAY_SECONDS), die).start()
            write(rows)
            if written == at:
                die()

        vars(new)["insert"] = write_and_die
        run_to_the_end(copy(old, new))
        os._exit(written)


def die() -> None:
    """End this process at once, without cleaning up."""
    os.kill(os.getpid(), signal.SIGKILL)


def exit_code_of_copy(source: Store, target: Store, at: int) -> int | None:
    """Run `copy_and_die` in a process of its own; returns the exit code."""
    work = partial(copy_and_die, source, target, at)
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join(SECONDS)
    return process.exitcode


@pytest.mark.process
@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_a_copy_killed_at_any_write_can_be_continued(source: Store, target: Store, at: int):
    assert exit_code_of_copy(source, target, at) == -signal.SIGKILL
    assert copied(source, target).events == 69
    assert contents(target) == contents(source)


@pytest.mark.process
def test_copying_takes_this_many_writes(source: Store, target: Store):
    assert exit_code_of_copy(source, target, 0) == WRITES


@pytest.mark.process
def test_a_copy_killed_several_times_while_the_log_grows_can_be_continued(
    source: Store, target: Store
):
    for at in (2, 2, 2, 1, 3):
        assert exit_code_of_copy(source, target, at) == -signal.SIGKILL
        with Airbook(source) as airbook:
            airbook.execute_all(
                [Order(Reserve(1, f"{at} {one}"), key=os.urandom(4).hex()) for one in range(20)]
            )
    copied(source, target)
    assert contents(target) == contents(source)
