"""A log moved to another store is the same log, however often the move was broken off."""

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
from tests.support.stores import Tables, everything_in, execute, open_log, store_as_is
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, NINE, record

BATCH = 25
MOST_SECONDS = 0.004  # a transaction takes about as long
WRITES = 8  # three of events, one of what is beside them, two of keys, two of customers


def populate(store: Store) -> None:
    """Make a log in which there is some of everything."""
    with open_log(store) as log:
        record(log, *FIVE_SEATS_SIX_CUSTOMERS)
    with Airbook(store) as airbook:
        keys = [f"주문-{one}" if one % 3 else None for one in range(51)]
        airbook.execute_all(
            [Order(Reserve(1 + one % 2, f"고객 {one % 40}"), key=keys[one]) for one in range(51)]
        )
        put_aside = [
            ParkedReservation(7, 19, "no", "9h"),
            ParkedReservation(8, 20, "no", "9h", dropped=True),
        ]
        tracked = Checkpoint("approver", 40)
        airbook.log.append(Transaction(at=NINE, checkpoint=tracked, parked=put_aside))
        airbook.log.append(Transaction(at=NINE, checkpoint=Checkpoint("approver-1-of-2", 0)))
        assert airbook.log.head() == 18 + 51


BESIDE = ("numbers", "commands", "customers", "parked")
IN_A_FILE = {
    "stored_events": "SELECT rowid, * FROM stored_events",
    "tracking": "SELECT * FROM tracking WHERE application_name <> '__migration__'",
}
ON_A_SERVER = {
    "stored_events": "SELECT notification_id, originator_id, originator_version, topic, state"
    " FROM stored_events",
    "tracking": "SELECT * FROM notification_tracking",
}


def contents(store: Store) -> Tables:
    """Read all that a copy must hold; on a server it is called by the names it has in a file."""
    queries = ON_A_SERVER if isinstance(store, PostgresStore) else IN_A_FILE
    tables = {name: execute(store, query) for name, query in queries.items()}
    tables |= {name: execute(store, f"SELECT * FROM {name}") for name in BESIDE}  # noqa: S608
    return {name: sorted(rows) for name, rows in tables.items()}


def finished(steps: Generator[int, None, Copied]) -> tuple[list[int], Copied]:
    """Copy to the end; returns the positions that were reached on the way."""
    reached = list[int]()
    while True:
        try:
            reached.append(next(steps))
        except StopIteration as end:
            copied: Copied = end.value
            return reached, copied


def copied(source: Store, target: Store) -> Copied:
    """Copy a store into another, which is made if it is not there."""
    target.create()
    with open_log(source) as old, open_log(target) as new:
        return finished(copy(old, new))[1]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BATCH", BATCH)


@pytest.fixture
def source(tmp_path: Path) -> SQLiteStore:
    """Give a file in which there is some of everything."""
    store = SQLiteStore(tmp_path / "source" / "airbook.db")
    populate(store)
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Give a store of each kind that nobody has made yet."""
    if request.param == "sqlite":
        return SQLiteStore(tmp_path / "target" / "airbook.db")
    return PostgresStore(request.getfixturevalue("database"))


def test_a_log_that_went_to_a_server_comes_back_as_it_was(
    source: Store, database: str, tmp_path: Path
):
    server, back = PostgresStore(database), SQLiteStore(tmp_path / "back" / "airbook.db")
    before = contents(source)
    there, home = copied(source, server), copied(server, back)
    assert there == home
    assert (there.events, there.keys, there.customers) == (69, 34, 40)
    assert contents(server) == contents(back) == contents(source) == before
    tables, tables_back = everything_in(source), everything_in(back)
    different = {name for name in tables if sorted(tables[name]) != sorted(tables_back[name])}
    assert tables.keys() == tables_back.keys()
    assert different == {"identity"}


def test_it_tells_how_far_it_has_come(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new:
        assert finished(copy(old, new))[0] == [25, 50, 69]
        assert finished(copy(old, new))[0] == []


def test_a_log_without_facts(target: Store, tmp_path: Path):
    nothing = SQLiteStore(tmp_path / "nothing" / "airbook.db")
    nothing.create()
    there = copied(nothing, target)
    assert (there.events, there.keys, there.customers) == (0, 0, 0)
    assert contents(target) == contents(nothing)


def refusal(source: Store, target: Store) -> str:
    """Copy, which must be refused; tells why."""
    with pytest.raises(Refused) as refused:
        copied(source, target)
    return refused.value.code


def test_a_log_copied_to_itself_is_left_as_it_is(source: Store):
    before = everything_in(source)
    assert refusal(source, source) == "store_same"
    assert everything_in(source) == before


def test_the_copy_goes_on_where_the_log_was(source: Store, target: Store):
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
    """Add to everything in a log, and settle one that was put aside."""
    with Airbook(store) as airbook:
        airbook.execute_all([Order(Reserve(1, f"late {one}"), key=f"0 {one}") for one in range(30)])
        put_aside = [
            ParkedReservation(8, 20, "again", "10h", retry=True),
            ParkedReservation(9, 21, "no", "10h"),
        ]
        transaction = Transaction(
            at=NINE, checkpoint=Checkpoint("approver", 50), parked=put_aside, settled=[7]
        )
        airbook.log.append(transaction)


def test_copying_again_goes_on_where_it_ended(source: Store, target: Store):
    first = copied(source, target)
    grow(source)
    target.create()
    with open_log(source) as old, open_log(target) as new:
        reached, second = finished(copy(old, new))
    assert reached == [94, 99]
    assert contents(target) == contents(source)
    assert (second.events, second.keys, second.customers) == (99, 64, 70)
    assert second.digest != first.digest


def test_what_grows_while_it_is_copied_is_copied_too(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new:
        steps = copy(old, new)
        assert next(steps) == 25
        grow(source)
        assert finished(steps)[0] == [50, 75, 99]
    assert contents(target) == contents(source)


class Restless(Log):
    """A log to which somebody adds each time its keys have been copied."""

    def head(self) -> int:
        head = super().head()
        self.append(Transaction(at=NINE, appends=(NEW_RESERVATION,)))
        return head


def test_a_log_that_never_rests_is_not_called_copied(source: Store, target: Store):
    target.create()
    with open_log(source) as old, open_log(target) as new, pytest.raises(Refused) as refused:
        finished(copy(Restless(old._recorder), new))
    assert refused.value.code == "store_growing"
    copied(source, target)
    assert contents(target) == contents(source)


def test_what_comes_while_the_copy_is_verified_is_copied_too(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
):
    late = [Transaction(at=NINE, appends=(NEW_RESERVATION,))]
    digest = copying.digest

    def disturbed(log: Log) -> Copied:
        if late:
            log.append(late.pop())
        return digest(log)

    monkeypatch.setattr(copying, "digest", disturbed)
    assert copied(source, target).events == 70
    assert contents(target) == contents(source)


def test_a_store_with_facts_of_its_own_is_left_as_it_is(source: Store, target: Store):
    target.create()
    with Airbook(target) as airbook:
        airbook.execute(Reserve(1, "kim"), key="k")
    before = contents(target)
    assert refusal(source, target) == "store_not_empty"
    assert contents(target) == before


def test_a_copy_that_has_gone_its_own_way_is_left_as_it_is(source: Store, target: Store):
    copied(source, target)
    with Airbook(target) as airbook:
        airbook.execute(Reserve(1, "kim"), key="k")
    before = contents(target)
    for grown in (False, True):
        if grown:
            grow(source)
        assert refusal(source, target) == "store_not_empty"
    assert contents(target) == before


def test_a_copy_somebody_has_changed_is_found_out(source: Store, target: Store):
    copied(source, target)
    on = " ON stored_events" if isinstance(target, PostgresStore) else ""
    execute(target, f"DROP TRIGGER facts_never_change{on}")
    execute(
        target, "UPDATE stored_events SET state = ? WHERE originator_id = 'reservation-3'", b"{}"
    )
    assert refusal(source, target) == "copy_differs"


def test_facts_nobody_can_read_are_copied_as_they_are(source: Store, target: Store):
    hostile = (b"\x00\xff", b"", b'{"airplane":', b"[" * 100_000, "\u202e".encode())
    for version, state in enumerate(hostile, 1):
        store_as_is(source, "whale-1", version, f"Unheard{version}.v9", state)
    copied(source, target)
    assert contents(target) == contents(source)
    with open_log(target) as log:
        events = [recorded.event for recorded in log.stream(Stream("whale", 1))]
        assert [type(event) for event in events] == [UnreadableEvent] * len(hostile)


def test_keys_and_names_are_taken_in_the_same_order_everywhere(target: Store, tmp_path: Path):
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
    """Copy a store until so many transactions are begun; the last of them may be committed."""
    copying.BATCH = BATCH
    target.create()
    with open_log(source) as old, open_log(target) as new:
        written = 0
        write = new.insert

        def write_and_die(rows: Rows) -> None:
            nonlocal written
            written += 1
            if written == at:
                Timer(random.uniform(0, MOST_SECONDS), die).start()
            write(rows)
            if written == at:
                die()

        vars(new)["insert"] = write_and_die
        finished(copy(old, new))
        os._exit(written)


def die() -> None:
    """End at once, as a machine does that loses its power."""
    os.kill(os.getpid(), signal.SIGKILL)


def ended(source: Store, target: Store, at: int) -> int | None:
    """Copy in a process of its own until it dies there; returns how it ended."""
    work = partial(copy_and_die, source, target, at)
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join(SECONDS)
    return process.exitcode


@pytest.mark.parametrize("at", range(1, WRITES + 1))
def test_killed_at_any_of_its_writes_and_copied_again_it_is_the_same(
    source: Store, target: Store, at: int
):
    assert ended(source, target, at) == -signal.SIGKILL
    assert copied(source, target).events == 69
    assert contents(target) == contents(source)


def test_these_are_all_its_writes(source: Store, target: Store):
    assert ended(source, target, 0) == WRITES


def test_killed_again_and_again_while_the_log_grows_it_is_the_same(source: Store, target: Store):
    for at in (2, 2, 2, 1, 3):
        assert ended(source, target, at) == -signal.SIGKILL
        with Airbook(source) as airbook:
            airbook.execute_all(
                [Order(Reserve(1, f"{at} {one}"), key=os.urandom(4).hex()) for one in range(20)]
            )
    copied(source, target)
    assert contents(target) == contents(source)
