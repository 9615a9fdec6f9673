"""What a commit writes, row by row, and what it must know before; the same on every store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from airbook.eventlog.records import Customer, Parked


class EventRow(NamedTuple):
    """An event as it is stored; stream is its name, airplane-1."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


class CommandRow(NamedTuple):
    """What an idempotency key was used for, and the receipt it got."""

    key: str
    contents: str
    number: int
    position: int


class Rows(Struct):
    """What is written in one commit, table by table.

    numbers: the last given to each kind. tracked: positions by follower. settled: reservations no
    longer put aside.
    """

    events: list[EventRow] = []
    numbers: dict[str, int] = {}
    commands: list[CommandRow] = []
    customers: list[Customer] = []
    tracked: dict[str, int] = {}
    parked: list[Parked] = []
    settled: list[int] = []


class Wanted(NamedTuple):
    """What must be looked up before changes can be planned; empty where nothing must."""

    keys: Sequence[str]
    streams: Sequence[str]
    names: Sequence[str]
    followers: Sequence[str]


class Found(Struct):
    """What was looked up: the last position, the last number of each kind, and what was wanted.

    customers: ids by name.
    """

    head: int
    numbers: dict[str, int]
    commands: dict[str, CommandRow] = {}
    versions: dict[str, int] = {}
    customers: dict[str, str] = {}
    tracked: dict[str, int] = {}
