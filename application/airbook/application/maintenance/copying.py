"""Moving a log from one store to another: positions, numbers and keys stay what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence

from msgspec import json

from airbook.application.responses import Copied
from airbook.application.text.labels import mark
from airbook.domain.refusal import Refused
from airbook.eventlog.log import Log
from airbook.eventlog.records import Conflict, Customer
from airbook.eventlog.rows import KeyRow, Rows

BATCH = 1_000
ATTEMPTS = 10


def copy(source: Log, target: Log) -> Generator[int, None, Copied]:
    """Copy a log; yields the position reached, returns what was copied once it is verified.

    Copying again goes on where the last time ended. Raises Refused (store_same,
    store_not_empty, store_growing, copy_differs) and StoreError.
    """
    if source.identity == target.identity:
        sentence = mark("The store to copy to is the one to copy from.")
        raise Refused("store_same", sentence)
    begun = target.head()
    if begun and source.rows_after(begun - 1, 1) != target.rows_after(begun - 1, 1):
        raise not_empty()
    try:
        for _ in range(ATTEMPTS):
            yield from copy_events(source, target)
            head = source.head()
            copy_beside(source, target)
            copied = digest(source)
            if source.head() == head:
                return verified(copied, target)
    except Conflict:
        raise not_empty() from None
    sentence = mark(
        "The store to copy from goes on growing: stop what writes to it, then copy again."
    )
    raise Refused("store_growing", sentence)


def not_empty() -> Refused:
    """Say that somebody else has written, or writes, to the store to copy to."""
    sentence = mark("The store to copy to holds events of its own: copy to an empty one.")
    return Refused("store_not_empty", sentence)


def verified(copied: Copied, target: Log) -> Copied:
    """Read everything again. Raises Refused (copy_differs) unless it is the same."""
    if copied != digest(target):
        sentence = mark("The copy is not like what was copied; do not use it.")
        raise Refused("copy_differs", sentence)
    return copied


def copy_events(source: Log, target: Log) -> Iterator[int]:
    """Copy the events that are not there yet; yields the position reached."""
    position = target.head()
    while found := source.rows_after(position, BATCH):
        target.insert(Rows(events=found))
        position = found[-1].position
        yield position


def copy_beside(source: Log, target: Log) -> None:
    """Copy what stands beside the events, as far as it is not there yet."""
    keys = {row.key for batch in commands(target) for row in batch}
    for rows in commands(source):
        target.insert(Rows(keys=[row for row in rows if row.key not in keys]))
    ids = {one.id for batch in customers(target) for one in batch}
    for found in customers(source):
        target.insert(Rows(customers=[one for one in found if one.id not in ids]))
    aside = source.registry.parked()
    again = {one.reservation for one in aside}
    settled = [one.reservation for one in target.registry.parked() if one.reservation not in again]
    # The numbers come last: until they are there, nobody can begin anything in a half-made copy.
    target.insert(
        Rows(
            numbers=dict(source.registry.numbers()),
            checkpoints=dict(source.registry.checkpoints()),
            parked=list(aside),
            settled=settled,
        )
    )


def digest(log: Log) -> Copied:
    """Read everything, and add it up."""
    total, position, keys, people = hashlib.sha256(), 0, 0, 0
    while batch := log.rows_after(position, BATCH):
        position = batch[-1].position
        total.update(json.encode(batch))
    for rows in commands(log):
        keys += len(rows)
        total.update(json.encode(rows))
    for found in customers(log):
        people += len(found)
        total.update(json.encode(found))
    beside = [sorted(log.registry.numbers().items()), log.registry.parked()]
    total.update(json.encode(beside))
    return Copied(position, keys, people, f"sha256:{total.hexdigest()}")


def commands(log: Log) -> Iterator[Sequence[KeyRow]]:
    """List every idempotency key, a batch at a time."""
    after = ""
    while batch := log.registry.keys(after, BATCH):
        yield batch
        after = batch[-1].key


def customers(log: Log) -> Iterator[Sequence[Customer]]:
    """List every customer, a batch at a time."""
    after = ""
    while batch := log.registry.customers(after, BATCH):
        yield batch
        after = batch[-1].id
