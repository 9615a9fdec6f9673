"""Work for other processes, which start quickly because this module imports little."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, SeatAssigned
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.errors import StoreError
from airbook.eventlog.log import Log
from airbook.eventlog.records import (
    Actor,
    Append,
    Checkpoint,
    Conflict,
    Customer,
    IdempotencyKey,
    Receipt,
    Stream,
    Transaction,
)
from airbook.eventlog.sqlite.notification import PipeListener
from airbook.eventlog.subscription import subscribe
from tests.support.processes import SECONDS
from tests.support.stores import listeners, open_log
from tests.support.stories import NINE, of_airplane, record

Result = TypeVar("Result")
REQUESTED = ReservationRequested(1, "c1")
NEW_RESERVATION = Append("reservation", None, 0, (REQUESTED,))
NEW_AIRPLANE = Append("airplane", None, 0, (AirplaneCreated(5),))


def reserving(
    key: str, airplane: int = 1, customer: Customer | None = None, actor: Actor | None = None
) -> Transaction:
    """Describe the commit of a reserve command under an idempotency key."""
    requested = ReservationRequested(airplane, "c1")
    append = Append("reservation", None, 0, (requested,))
    return Transaction(
        at=NINE,
        appends=(append,),
        key=IdempotencyKey(key, f"reserve {airplane}"),
        customer=customer,
        actor=actor,
    )


def reserve(store: Store, key: str, times: int) -> list[Receipt]:
    """Reserve several times, each time under a key of its own."""
    with open_log(store) as log:
        return [log.append(reserving(f"{key}{number}")) for number in range(times)]


def prepare(url: str, role: str | None = None) -> None:
    """Create the log in a database unless it exists."""
    from airbook.eventlog.postgres import schema
    from airbook.eventlog.postgres.connection import Server

    schema.create(Server(url), role=role)


def begin_each(stores: Sequence[Store], key: str) -> list[Receipt]:
    """Reserve once in each of several stores, which may not exist yet."""
    return [receipt for store in stores for receipt in reserve(store, key, 1)]


def reserve_and_create(store: Store, times: int) -> list[tuple[Receipt, Receipt]]:
    """Append two events of one reservation, then one of an airplane, several times."""
    both = Append("reservation", None, 0, (REQUESTED, REQUESTED))
    with open_log(store) as log:
        return [
            (
                log.append(Transaction(at=NINE, appends=(both,))),
                log.append(Transaction(at=NINE, appends=(NEW_AIRPLANE,))),
            )
            for _ in range(times)
        ]


def create(store: Store, times: int) -> list[int]:
    """Create airplanes; returns the positions of the events."""
    transaction = Transaction(at=NINE, appends=(NEW_AIRPLANE,))
    with closing(until_free(store.open_log)) as log:
        return [until_free(lambda: log.append(transaction)).position for _ in range(times)]


def until_free(work: Callable[[], Result]) -> Result:
    """Repeat some work while the store is locked: SQLite's lock can miss a process for long."""
    while True:
        try:
            return work()
        except StoreError as error:
            if error.code != "store_busy":
                raise


def read(store: Store, until: int) -> list[int]:
    """Subscribe to the log up to a number of events; returns their positions."""
    seen = list[int]()
    with open_log(store) as log:
        for batch in subscribe(log, 0, stop=lambda: len(seen) >= until):
            seen.extend(recorded.position for recorded in batch)
    return seen


def assign(store: Store, times: int) -> int:
    """Assign seats, each with a checkpoint; returns the number of conflicts."""
    conflicts = 0
    with open_log(store) as log:
        while (version := len(log.stream(Stream("airplane", 1)))) <= times:
            try:
                log.append(seat(log, version))
            except Conflict:
                conflicts += 1
    return conflicts


def seat(log: Log, version: int) -> Transaction:
    """Describe the commit that assigns one more seat."""
    return Transaction(
        at=NINE,
        appends=(Append("airplane", 1, version, (SeatAssigned(version, version),)),),
        checkpoint=Checkpoint("approver", log.checkpoint("approver") + 1),
    )


def wait_for_a_commit(store: Store) -> bool:
    """Listen to the log; returns whether a commit woke the listener."""
    with open_log(store) as log, log.listener() as listener:
        return listener.wait(SECONDS)


def commit_once_a_listener_waits(store: Store) -> bool:
    """Append one event as soon as the log has a listener."""
    with open_log(store) as log:
        while not listeners(store):
            os.sched_yield()
        return record(log, *of_airplane(1, AirplaneCreated(5))) == 1


def listen_until_killed(folder: Path, ready: Connection) -> None:
    """Listen until killed; `ready` gets a message once the listener exists."""
    with PipeListener(folder) as listener:
        ready.send(None)
        listener.wait(SECONDS)
