"""The chain over the log: each commit leaves a digest over the digest before it and all it stored.

docs/decisions/8-a-digest-for-each-commit.md describes the bytes that are hashed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from struct import Struct as Format
from struct import error as FormatError  # noqa: N812 -- the library's name says too little
from typing import Literal, NamedTuple

from airbook.eventlog.records import ParkedReservation
from airbook.eventlog.rows import DigestRow, EventRow, KeyRow, LookupResult, Rows

DIGEST_BYTES, SUM_BYTES = 32, 8
EVENT, END, LENGTH = Format(">5Q"), Format(">3Q"), Format(">Q")
# The tables of the registry, in the order of their sums.
TABLES = ("numbers", "keys", "customers", "actors", "checkpoints", "parked")
SUMS = Format(f">{len(TABLES)}Q")
BEGINNING = DigestRow(0, 0, bytes(SUMS.size), bytes(DIGEST_BYTES))  # before the first commit

Entry = tuple[str | int, ...]  # the name of a table of the registry, then the covered columns


class Commit:
    """Computes the digest of one commit while its events are read in their order."""

    def __init__(self, previous: bytes) -> None:
        """previous: the digest of the commit before."""
        self._hash = blake2b(previous, digest_size=DIGEST_BYTES)
        self.events = 0

    def add(self, event: EventRow) -> None:
        """Add the next event."""
        stream, topic, state = event.stream.encode(), event.topic.encode(), event.state
        sizes = len(stream), len(topic), len(state)
        self._hash.update(EVENT.pack(event.position, event.version, *sizes) + stream + topic)
        self._hash.update(state)
        self.events += 1

    def digest(self, position: int, number: int, registry: bytes) -> DigestRow:
        """Return the row of the commit. registry: the sums of the registry after it."""
        end = self._hash.copy()
        end.update(END.pack(self.events, position, number) + registry)
        return DigestRow(position, number, registry, end.digest())


def next_digest(rows: Rows, before: LookupResult) -> DigestRow | None:
    """Return the digest of the commit that writes rows; None if it writes nothing.

    before: the lookup of the commit, as it was before the rows were planned.
    """
    removed, added = replaced_entries(rows, before), list(entries(rows))
    if not (rows.events or removed or added):
        return None
    last = before.digest or BEGINNING
    commit = Commit(last.digest)
    for event in rows.events:
        commit.add(event)
    position = rows.events[-1].position if rows.events else before.head
    return commit.digest(position, last.number + 1, sums_after(last.registry, removed, added))


def first_digest(events: Iterable[EventRow], registry: Iterable[Entry]) -> DigestRow | None:
    """Return one digest over all that a log holds which has none; None if it holds nothing."""
    commit, position = Commit(BEGINNING.digest), 0
    for event in events:
        commit.add(event)
        position = event.position
    sums = sums_after(BEGINNING.registry, (), registry)
    if not position and sums == BEGINNING.registry:
        return None
    return commit.digest(position, BEGINNING.number + 1, sums)


def entries(rows: Rows) -> Iterator[Entry]:
    """Yield what the registry holds of rows after they are written."""
    yield from number_entries(rows.numbers)
    yield from key_entries(rows.keys)
    yield from (("customers", one.id) for one in rows.customers)
    yield from (("actors", one.id) for one in rows.actors)
    yield from checkpoint_entries(rows.checkpoints)
    settled = {*rows.settled}
    parked = {one.reservation: one for one in rows.parked if one.reservation not in settled}
    yield from parked_entries(parked.values())


def replaced_entries(rows: Rows, before: LookupResult) -> list[Entry]:
    """List what the registry held before, and rows replace or remove."""
    numbers = {kind: before.numbers[kind] for kind in rows.numbers if kind in before.numbers}
    known = before.checkpoints
    checkpoints = {name: known[name] for name in rows.checkpoints if name in known}
    changed = {*(one.reservation for one in rows.parked), *rows.settled}
    parked = [before.parked[number] for number in changed if number in before.parked]
    return [
        *number_entries(numbers),
        *checkpoint_entries(checkpoints),
        *parked_entries(parked),
    ]


def number_entries(numbers: Mapping[str, int]) -> Iterator[Entry]:
    """Yield the entries of the last numbers, by kind."""
    return (("numbers", kind, last) for kind, last in numbers.items())


def key_entries(keys: Iterable[KeyRow]) -> Iterator[Entry]:
    """Yield the entries of idempotency keys."""
    return (("keys", *row) for row in keys)


def checkpoint_entries(checkpoints: Mapping[str, int]) -> Iterator[Entry]:
    """Yield the entries of checkpoints, by subscriber."""
    return (("checkpoints", name, position) for name, position in checkpoints.items())


def parked_entries(parked: Iterable[ParkedReservation]) -> Iterator[Entry]:
    """Yield the entries of parked reservations, without what an operator asks for them."""
    return (("parked", one.reservation, one.position, one.error, one.at) for one in parked)


def sums_after(registry: bytes, removed: Iterable[Entry], added: Iterable[Entry]) -> bytes:
    """Return the sums of the registry after a change.

    A sum does not depend on the order of the entries, so that a table can be checked in any order.
    """
    sums = dict(zip(TABLES, SUMS.unpack(registry), strict=True))
    for entry in removed:
        sums[str(entry[0])] -= hash_of(entry)
    for entry in added:
        sums[str(entry[0])] += hash_of(entry)
    return SUMS.pack(*(one % (1 << 8 * SUM_BYTES) for one in sums.values()))


def hash_of(entry: Entry) -> int:
    """Return the hash of an entry of the registry; numbers are hashed as decimal digits."""
    texts = [str(field).encode() for field in entry]
    message = b"".join(LENGTH.pack(len(text)) + text for text in texts)
    return int.from_bytes(blake2b(message, digest_size=SUM_BYTES).digest(), "big")


def tables_that_differ(registry: bytes, other: bytes) -> list[str]:
    """List the tables of the registry whose sums differ."""
    sums = zip(TABLES, SUMS.unpack(registry), SUMS.unpack(other), strict=True)
    return [table for table, one, another in sums if one != another]


class BrokenCommit(NamedTuple):
    """A commit whose events are not those of its digest.

    after: the position before its first event. position: of its last event. reason: events were
    changed, or those at the end of the log are missing, or they have no digest.
    """

    after: int
    position: int
    reason: Literal["changed", "missing", "uncovered"] = "changed"


class ChainCheck:
    """Checks a log against its digests while its events are read once, in their order.

    broken: the commits that differ. Each is judged alone, so that a change is found where it is.
    """

    def __init__(self, digests: Iterable[DigestRow]) -> None:
        """digests: in their order; they are read when they are needed."""
        self.broken: list[BrokenCommit] = []
        self._digests = iter(digests)
        self._next = next(self._digests, None)
        self._last = BEGINNING
        self._commit = Commit(BEGINNING.digest)
        self._reached = 0
        self._is_readable = True

    def add(self, event: EventRow) -> None:
        """Check the commits before an event, and add the event to its own."""
        while self._next is not None and event.position > self._next.position:
            self._close(self._next)
        self._reached = event.position
        try:
            self._commit.add(event)
        except (AttributeError, TypeError, UnicodeError, FormatError):
            self._is_readable = False  # no commit stores such a row

    def end(self, last: DigestRow) -> None:
        """Check the commits up to the last event that was added.

        last: the last digest, read before the head of the log was.
        """
        while self._next is not None and self._next.position <= self._reached:
            self._close(self._next)
        if last.position > self._reached:
            self.broken.append(BrokenCommit(self._last.position, last.position, "missing"))
        elif self._commit.events or not self._is_readable:
            self.broken.append(BrokenCommit(self._last.position, self._reached, "uncovered"))

    def _close(self, row: DigestRow) -> None:
        position, number, registry, _ = row
        computed = self._commit.digest(position, number, registry)
        if computed != row or not self._is_readable or number != self._last.number + 1:
            self.broken.append(BrokenCommit(self._last.position, position))
        self._last, self._commit, self._is_readable = row, Commit(row.digest), True
        self._next = next(self._digests, None)
