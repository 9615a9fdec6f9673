"""The rows that a store looks up and writes in one commit; the same for every store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from airbook.eventlog.records import Actor, Customer, ParkedReservation

# A kind of numbers that no stream has: the mark of a store whose copy is not verified yet. Each
# commit reads the numbers in its own transaction, so the mark stops writers that came before it.
UNFINISHED = "unfinished copy"


# The fields of EventRow. A commit makes many, and a plain tuple is made eight times as quickly.
StoredEvent = tuple[int, str, int, str, bytes]


class EventRow(NamedTuple):
    """An event as it is stored. stream: its name, airplane-1. topic: its type and version."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


class KeyRow(NamedTuple):
    """An idempotency key as it is stored, with the receipt of its command."""

    key: str
    contents: str
    number: int
    position: int


class DigestRow(NamedTuple):
    """The digest that one commit leaves.

    position: the head of the log after the commit. number: of the commit, from 1; several commits
    have the same position if they store no event. registry: the sums of the registry's tables.
    """

    position: int
    number: int
    registry: bytes
    digest: bytes


class Rows(Struct):
    """The rows of one commit, by table.

    numbers: the last number of each kind. checkpoints: positions by subscriber. settled:
    reservations whose parked row is deleted. digests: one, or those of several commits in a copy.
    actors: those with a name.
    """

    events: Sequence[StoredEvent] = []
    numbers: dict[str, int] = {}
    keys: list[KeyRow] = []
    customers: list[Customer] = []
    checkpoints: dict[str, int] = {}
    parked: list[ParkedReservation] = []
    settled: list[int] = []
    digests: list[DigestRow] = []
    actors: list[Actor] = []


class Lookup(NamedTuple):
    """The rows that planning some transactions needs.

    streams: their names, airplane-1. parked: whether parked reservations are needed.
    """

    keys: Sequence[str] = ()
    streams: Sequence[str] = ()
    customers: Sequence[str] = ()
    subscribers: Sequence[str] = ()
    parked: bool = False
    actors: Sequence[str] = ()


class LookupResult(Struct):
    """The result of a lookup.

    head: the last position. numbers: the last number of each kind. keys: by key. versions: by
    stream. customers, actors: ids by name. checkpoints: positions by subscriber. parked: by
    reservation. digest: of the last commit; None before the first.
    """

    head: int
    numbers: dict[str, int]
    keys: dict[str, KeyRow] = {}
    versions: dict[str, int] = {}
    customers: dict[str, str] = {}
    checkpoints: dict[str, int] = {}
    parked: dict[int, ParkedReservation] = {}
    actors: dict[str, str] = {}
    digest: DigestRow | None = None
