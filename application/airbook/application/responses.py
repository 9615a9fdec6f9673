"""The shapes scripts may rely on: what a front prints, field by field."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct


class Airplane(Struct, frozen=True):
    """One airplane; left = seats - taken, pending = requests not yet decided."""

    id: int
    name: str | None
    seats: int
    taken: int
    pending: int
    left: int
    status: str


class Reservation(Struct, frozen=True):
    """One reservation; customer is a name, null if forgotten. Times: UTC, ISO 8601."""

    id: int
    airplane: int
    customer: str | None
    status: str
    seat: int | None = None
    reason: str | None = None
    received_at: str | None = None
    decided_at: str | None = None


class Event(Struct, frozen=True):
    """One event of the log; data is the event's own JSON."""

    position: int
    stream: str
    version: int
    type: str
    at: str
    data: Raw


class Daemon(Struct, frozen=True):
    """Whether a daemon decides, and the age of its last sign of life, in seconds."""

    running: bool
    heartbeat_age_seconds: float | None


class ViewLag(Struct, frozen=True):
    """How far a view has come, and how far behind the log it is."""

    name: str
    position: int
    lag_events: int
    lag_seconds: float


class Status(Struct, frozen=True):
    """The whole store at a glance."""

    store: str
    position: int
    daemon: Daemon
    views: list[ViewLag]
    airplanes: int
    reservations: dict[str, int]
    parked: int


class Parked(Struct, frozen=True):
    """A reservation that could not be settled: the event it stopped at, and why.

    state: parked, retrying (asked to be tried again) or dropped.
    """

    reservation: int
    position: int
    error: str
    at: str
    state: str


class Why(Struct, frozen=True):
    """A decision explained.

    airplane: the airplane as the decision found it, null if there was none. events: the positions
    of the events it rests on, that of the request first and of the decision last.
    """

    reservation: int
    status: str
    reason: str | None
    sentence: str
    airplane: Airplane | None
    events: list[int]


class Setting(Struct, frozen=True):
    """One setting, its value in force, and where that was said."""

    name: str
    value: str | None
    origin: str


class StoreStatus(Struct, frozen=True):
    """Where everything is kept, and how much there is: numbers given, and bytes on disk."""

    store: str
    database: str
    position: int
    airplanes: int
    reservations: int
    bytes: int


class Copied(Struct, frozen=True):
    """What was copied and is the same in both stores, read again from each.

    digest: of every event, number, key and customer, and of what is parked, in their order.
    """

    events: int
    keys: int
    customers: int
    digest: str


class RefusedLine(Struct, frozen=True):
    """A line that was not taken, from 1, and why."""

    line: int
    code: str
    message: str


class Imported(Struct):
    """What became of the lines of a file. repeated: accepted before, under the same key."""

    accepted: int
    repeated: int
    refused: list[RefusedLine]


Response = (
    StoreStatus
    | Copied
    | Imported
    | Airplane
    | Reservation
    | Event
    | Status
    | ViewLag
    | Parked
    | Why
    | Setting
)
Row = dict[str, Any]
