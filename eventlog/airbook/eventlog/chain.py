"""The chain over the log: each commit leaves a digest over the digest before it and all it stored.

docs/decisions/8-a-digest-for-each-commit.md describes the bytes that are hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from struct import Struct as Format
from struct import error as FormatError  # noqa: N812 -- the library's name says too little
from typing import Literal, NamedTuple

from airbook.eventlog.errors import DamagedRow
from airbook.eventlog.records import ParkedReservation
from airbook.eventlog.rows import DigestRow, EventRow, LookupResult, Rows, StoredEvent

DIGEST_BYTES, SUM_BYTES = 32, 8
SUM_MASK = (1 << 8 * SUM_BYTES) - 1
EVENT, END = Format(">5Q"), Format(">3Q")
LENGTHS = [Format(f">{fields}Q") for fields in range(6)]  # by the number of fields of an entry
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

    def add(self, event: StoredEvent) -> None:
        """Add the next event."""
        position, name, version, event_type, state = event
        stream, topic = name.encode(), event_type.encode()
        lengths = EVENT.pack(position, version, len(stream), len(topic), len(state))
        self._hash.update(b"".join((lengths, stream, topic, state)))
        self.events += 1

    def digest(self, position: int, number: int, registry: bytes) -> DigestRow:
        """End the commit, and return its row. registry: the sums of the registry after it."""
        self._hash.update(END.pack(self.events, position, number) + registry)
        return DigestRow(position, number, registry, self._hash.digest())


def next_digest(rows: Rows, before: LookupResult) -> DigestRow | None:
    """Return the digest of the commit that writes rows; None if it writes nothing.

    before: the lookup of the commit, as it was before the rows were planned.
    """
    last = before.digest or BEGINNING
    registry = registry_after(last.registry, rows, before)
    if not rows.events and registry == last.registry:
        return None
    commit, position = Commit(last.digest), before.head
    for event in rows.events:
        commit.add(event)
        position = event[0]
    return commit.digest(position, last.number + 1, registry)


def registry_after(registry: bytes, rows: Rows, before: LookupResult) -> bytes:
    """Return the sums of the registry after rows are written; each commit pays for this."""
    numbers, keys, customers, actors, checkpoints, parked = SUMS.unpack(registry)
    for kind, last in rows.numbers.items():
        numbers += hash_of("numbers", kind, last)
        if kind in before.numbers:
            numbers -= hash_of("numbers", kind, before.numbers[kind])
    for row in rows.keys:
        keys += hash_of("keys", *row)
    for customer in rows.customers:
        customers += hash_of("customers", customer.id)
    for actor in rows.actors:
        actors += hash_of("actors", actor.id)
    for name, position in rows.checkpoints.items():
        checkpoints += hash_of("checkpoints", name, position)
        if name in before.checkpoints:
            checkpoints -= hash_of("checkpoints", name, before.checkpoints[name])
    if rows.parked or rows.settled:
        parked += change_of_parked(rows, before)
    return pack_sums((numbers, keys, customers, actors, checkpoints, parked))


def change_of_parked(rows: Rows, before: LookupResult) -> int:
    """Return by how much the sum of the parked reservations changes."""
    change, now = 0, {one.reservation: one for one in rows.parked}
    for number in {*now, *rows.settled}:
        if number in before.parked:
            change -= hash_of_parked(before.parked[number])
        if number in now and number not in rows.settled:
            change += hash_of_parked(now[number])
    return change


def first_digest(events: Iterable[EventRow], registry: Iterable[Entry]) -> DigestRow | None:
    """Return one digest over all that a log holds which has none; None if it holds nothing."""
    commit, position = Commit(BEGINNING.digest), 0
    for event in events:
        commit.add(event)
        position = event.position
    sums = sums_of(registry)
    if not position and sums == BEGINNING.registry:
        return None
    return commit.digest(position, BEGINNING.number + 1, sums)


def sums_of(entries: Iterable[Entry]) -> bytes:
    """Return the sums of a whole registry, whose entries may come in any order."""
    sums: dict[str, int] = dict.fromkeys(TABLES, 0)
    for entry in entries:
        sums[str(entry[0])] += hash_of(*entry)
    return pack_sums(sums.values())


def pack_sums(sums: Iterable[int]) -> bytes:
    """Return sums as they are stored: modulo 2 to the power of their bits."""
    return SUMS.pack(*[one & SUM_MASK for one in sums])


@lru_cache(maxsize=64)  # the number and the checkpoint that a commit replaces were just hashed
def hash_of(*entry: str | int) -> int:
    """Return the hash of an entry of the registry; numbers are hashed as decimal digits."""
    texts = [str(field).encode() for field in entry]
    message = b"".join([LENGTHS[len(texts)].pack(*map(len, texts)), *texts])
    return int.from_bytes(blake2b(message, digest_size=SUM_BYTES).digest(), "big")


def hash_of_parked(parked: ParkedReservation) -> int:
    """Return the hash of a parked reservation, without what an operator asks for it."""
    return hash_of("parked", parked.reservation, parked.position, parked.error, parked.at)


def check_digest(row: DigestRow) -> None:
    """Raise DamagedRow unless the sums of the registry are as long as a commit leaves them."""
    if len(row.registry) != SUMS.size:
        raise DamagedRow("sums of another length")


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
