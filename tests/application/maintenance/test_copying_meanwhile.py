"""Copying while others write, to stores with other contents, and with a kill in between."""

from __future__ import annotations

import os
import random
import signal
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
    Stream,
    Transaction,
)
from airbook.eventlog.rows import Rows
from tests.application.maintenance.copies import (
    BATCH,
    contents,
    copied,
    refusal,
    run_to_the_end,
)
from tests.support.forked import context
from tests.support.other_processes import NEW_RESERVATION
from tests.support.processes import SECONDS
from tests.support.stores import execute, open_log, recorder_of, store_as_is
from tests.support.stories import NINE

MAX_DELAY_SECONDS = 0.004  # about the duration of a transaction


WRITES = 9  # three of events, two of keys, two of customers, one of actors, one of the rest


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
    execute(target, f"DROP TRIGGER events_never_change{on}")
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
    process = context().Process(target=work)
    process.start()
    process.join(SECONDS)
    exit_code = process.exitcode  # None if it hangs
    process.kill()
    process.join()
    return exit_code


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
