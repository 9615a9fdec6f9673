"""Comparing what a log holds with the digests that its commits left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from airbook.eventlog.chain import (
    BEGINNING,
    BrokenCommit,
    ChainCheck,
    Entry,
    sums_of,
    tables_that_differ,
)
from airbook.eventlog.log import Log
from airbook.eventlog.rows import DigestRow

BATCH = 1_000
ATTEMPTS = 20


def digests_of(log: Log, after: DigestRow = BEGINNING) -> Iterator[DigestRow]:
    """Yield the digests after one of them, oldest first."""
    while rows := log.digests.after(after, BATCH):
        yield from rows
        after = rows[-1]


class Verification:
    """One comparison of a log with its digests, a few events at a time.

    It ends with the events that the log has when it begins. position: of the last event that was
    compared.
    """

    def __init__(self, log: Log) -> None:
        """Begin before the first event. Raises StoreError."""
        self._log = log
        self._last = log.digests.last()  # read before the head: a digest is never ahead of events
        self._head, self.position = log.head(), 0
        self._check = ChainCheck(digests_of(log))

    @property
    def broken(self) -> Sequence[BrokenCommit]:
        """Return the commits found so far whose events are not those of their digests."""
        return self._check.broken

    def step(self, events: int) -> bool:
        """Compare at most so many events; return whether there are more. Raises StoreError."""
        before = self.position
        for row in self._log.rows_after(before, min(events, self._head - before)):
            self._check.add(row)
            self.position = row.position
        # A damaged page may hold its rows in another order, which would be read without end.
        if before < self.position < self._head:
            return True
        self._check.end(self._last)
        return False


def broken_commits(log: Log) -> Sequence[BrokenCommit]:
    """Read a whole log; list the commits whose events are not those of their digests."""
    verification = Verification(log)
    while verification.step(BATCH):
        pass
    return verification.broken


def changed_tables(
    log: Log, forgotten: Iterable[str] = (), forgotten_actors: Iterable[str] = ()
) -> list[str] | None:
    """List the tables of the registry that differ from what the last commit left.

    forgotten, forgotten_actors: the ids of customers and of actors that events name and whose rows
    were removed. Returns None if other processes keep writing.
    """
    removed = [*map(customer, forgotten), *map(actor, forgotten_actors)]
    for _ in range(ATTEMPTS):
        last = log.digests.last()
        sums = sums_of(chain(registry_entries(log), removed))
        if log.digests.last() == last:
            return tables_that_differ(last.registry, sums)
    return None


def registry_entries(log: Log) -> Iterator[Entry]:
    """Yield every entry of the registry."""
    registry, after = log.registry, ""
    for kind, last in registry.numbers().items():
        yield "numbers", kind, last
    for subscriber, position in registry.checkpoints().items():
        yield "checkpoints", subscriber, position
    for one in registry.parked():
        yield "parked", one.reservation, one.position, one.error, one.at
    while keys := registry.keys(after, BATCH):
        for row in keys:
            yield "keys", *row
        after = keys[-1].key
    after = ""
    while customers := registry.customers(after, BATCH):
        yield from (customer(one.id) for one in customers)
        after = customers[-1].id
    after = ""
    while actors := registry.actors.all(after, BATCH):
        yield from (actor(id_) for id_, _ in actors)
        after = actors[-1][0]


def customer(id_: str) -> Entry:
    """Return the entry of a customer, without the name."""
    return ("customers", id_)


def actor(id_: str) -> Entry:
    """Return the entry of an actor, without the name."""
    return ("actors", id_)
