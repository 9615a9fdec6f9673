"""Copying a log to another store; positions, numbers and keys stay the same."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from itertools import takewhile

from msgspec import json

from airbook.application.responses import Copied
from airbook.application.text.labels import mark
from airbook.domain.refusal import Refused
from airbook.eventlog.chain import BEGINNING
from airbook.eventlog.log import Log
from airbook.eventlog.records import Actor, Conflict, Customer
from airbook.eventlog.rows import DigestRow, KeyRow, Rows
from airbook.eventlog.verification import digests_of

BATCH = 1_000
ATTEMPTS = 10


def copy(source: Log, target: Log) -> Generator[int, None, Copied]:
    """Copy a log and verify the copy; a second call continues where the first one ended.

    The copy is marked as unfinished until it is verified; until then it refuses every commit.
    Yields the position reached; returns the contents of the copy. Raises Refused (store_same,
    store_not_empty, store_growing, copy_differs) and StoreError.
    """
    if source.identity == target.identity:
        sentence = mark("The store to copy to is the one to copy from.")
        raise Refused("store_same", sentence)
    last = target.head()
    if last and source.rows_after(last - 1, 1) != target.rows_after(last - 1, 1):
        raise not_empty()
    if not has_digest(source, target.digests.last()):
        raise not_empty()
    was_unfinished = target.registry.is_unfinished()
    if not was_unfinished:
        target.registry.mark_finished()  # who may not remove the mark is refused before the copy
    target.registry.mark_unfinished()
    try:
        copied = yield from copy_all(source, target)
    except Conflict:
        if not was_unfinished and target.head() == last:  # it holds nothing of this copy
            target.registry.mark_finished()
        raise not_empty() from None
    target.registry.mark_finished()
    return copied


def copy_all(source: Log, target: Log) -> Generator[int, None, Copied]:
    """Copy what the target lacks until the source stands still, and verify the copy.

    Yields the position reached; returns the contents of the copy. Raises Conflict and Refused.
    """
    for _ in range(ATTEMPTS):
        yield from copy_events(source, target)
        before = state_of(source)
        copy_registry(source, target)
        copied = digest(source)
        if state_of(source) == before:
            return verified(copied, target)
    sentence = mark("The store to copy from is still growing: stop its writers, then copy again.")
    raise Refused("store_growing", sentence)


def not_empty() -> Refused:
    """Return the refusal for a target that holds events of another log."""
    sentence = mark("The store to copy to holds events of its own: copy to an empty one.")
    return Refused("store_not_empty", sentence)


def has_digest(log: Log, digest: DigestRow) -> bool:
    """Return whether a log has the same digest at the same place; each has the one before all."""
    before = digest._replace(number=digest.number - 1)
    return digest == BEGINNING or [*log.digests.after(before, limit=1)] == [digest]


def verified(copied: Copied, target: Log) -> Copied:
    """Return the contents of the source. Raises Refused (copy_differs) if the target differs."""
    if copied != digest(target):
        sentence = mark("The copy differs from the original; do not use it.")
        raise Refused("copy_differs", sentence)
    return copied


def copy_events(source: Log, target: Log) -> Iterator[int]:
    """Copy the events that the target lacks; yields the position reached."""
    position = target.head()
    while found := source.rows_after(position, BATCH):
        position = found[-1].position
        target.insert(Rows(events=found, digests=missing_digests(source, target, position)))
        yield position


def state_of(log: Log) -> tuple[object, ...]:
    """Return what differs after every change of a log, also after what leaves no digest."""
    return log.head(), log.digests.last(), log.registry.parked()


def missing_digests(source: Log, target: Log, position: int) -> list[DigestRow]:
    """List the digests that the target lacks, up to a position."""
    missing = digests_of(source, after=target.digests.last())
    return list(takewhile(lambda row: row.position <= position, missing))


def copy_registry(source: Log, target: Log) -> None:
    """Copy keys, names, parked reservations, checkpoints and numbers that the target lacks."""
    keys = {row.key for batch in key_batches(target) for row in batch}
    for rows in key_batches(source):
        target.insert(Rows(keys=[row for row in rows if row.key not in keys]))
    ids = {one.id for batch in customer_batches(target) for one in batch}
    for found in customer_batches(source):
        target.insert(Rows(customers=[one for one in found if one.id not in ids]))
    actors = {one.id for batch in actor_batches(target) for one in batch}
    for people in actor_batches(source):
        target.insert(Rows(actors=[one for one in people if one.id not in actors]))
    parked = source.registry.parked()
    numbers = {one.reservation for one in parked}
    settled = [
        one.reservation for one in target.registry.parked() if one.reservation not in numbers
    ]
    target.insert(
        Rows(
            numbers=dict(source.registry.numbers()),
            checkpoints=dict(source.registry.checkpoints()),
            parked=list(parked),
            settled=settled,
            digests=missing_digests(source, target, target.head()),
        )
    )


def digest(log: Log) -> Copied:
    """Read a whole log; returns counts and a hash of its contents."""
    total, position, keys, names = hashlib.sha256(), 0, 0, 0
    while batch := log.rows_after(position, BATCH):
        position = batch[-1].position
        total.update(json.encode(batch))
    for rows in key_batches(log):
        keys += len(rows)
        total.update(json.encode(rows))
    for found in customer_batches(log):
        names += len(found)
        total.update(json.encode(found))
    for people in actor_batches(log):
        total.update(json.encode(people))
    for row in digests_of(log):
        total.update(json.encode(row))
    rest = [sorted(log.registry.numbers().items()), log.registry.parked()]
    total.update(json.encode(rest))
    return Copied(position, keys, names, f"sha256:{total.hexdigest()}")


def key_batches(log: Log) -> Iterator[Sequence[KeyRow]]:
    """Yield all idempotency keys in batches."""
    after = ""
    while batch := log.registry.keys(after, BATCH):
        yield batch
        after = batch[-1].key


def customer_batches(log: Log) -> Iterator[Sequence[Customer]]:
    """Yield all customers in batches."""
    after = ""
    while batch := log.registry.customers(after, BATCH):
        yield batch
        after = batch[-1].id


def actor_batches(log: Log) -> Iterator[Sequence[Actor]]:
    """Yield all actors in batches."""
    after = ""
    while batch := log.registry.actors.all(after, BATCH):
        yield [Actor(*pair) for pair in batch]
        after = batch[-1][0]
