"""Responses: the structs that every front prints; scripts rely on the names of their fields."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct


class Airplane(Struct, frozen=True):
    """An airplane. left: seats - taken. pending: how many requests are not decided yet."""

    id: int
    name: str | None
    seats: int
    taken: int
    pending: int
    left: int
    status: str


class Reservation(Struct, frozen=True):
    """A reservation. customer: a name, null if it was deleted. Times are UTC in ISO 8601."""

    id: int
    airplane: int
    customer: str | None
    status: str
    seat: int | None = None
    reason: str | None = None
    received_at: str | None = None
    decided_at: str | None = None


class Event(Struct, frozen=True):
    """An event of the log. data: the JSON of the event itself.

    by: the name of the actor, the id if the name was deleted; null for an event that was stored
    without one. cause: the position of the event that led to this one, null if a command did.
    """

    position: int
    stream: str
    version: int
    type: str
    at: str
    by: str | None
    cause: int | None
    data: Raw


class Daemon(Struct, frozen=True, omit_defaults=True):
    """Whether a daemon is running. heartbeat_age_seconds: null if no daemon is running.

    stray: the process of a daemon that holds the lease and works on a file that is gone; it is left
    out if there is none.
    """

    running: bool
    heartbeat_age_seconds: float | None
    stray: int | None = None


class ViewLag(Struct, frozen=True):
    """The checkpoint of a view, and how far it is behind the log."""

    name: str
    position: int
    lag_events: int
    lag_seconds: float


class Status(Struct, frozen=True, omit_defaults=True):
    """The state of the whole store. reservations: counts by status. parked: a count.

    unfinished: true for a copy that is not verified yet; else it is left out.
    """

    store: str
    position: int
    daemon: Daemon
    views: list[ViewLag]
    airplanes: int
    reservations: dict[str, int]
    parked: int
    unfinished: bool = False


class Parked(Struct, frozen=True):
    """A reservation that the approver could not settle.

    position: of the event that it failed at. state: parked, retrying (a retry was requested) or
    dropped.
    """

    reservation: int
    position: int
    error: str
    at: str
    state: str


class Why(Struct, frozen=True):
    """An explanation of a decision.

    airplane: the airplane as the decision found it, null if there was none. events: the positions
    of all events of the reservation, in order.
    """

    reservation: int
    status: str
    reason: str | None
    sentence: str
    airplane: Airplane | None
    events: list[int]


class Setting(Struct, frozen=True):
    """A setting with the value in force. origin: flag, environment, file or default."""

    name: str
    value: str | None
    origin: str


class Token(Struct, frozen=True):
    """A token of the gateway, without its secret part.

    token_id: its public part. subject: the name of whom it stands for. role: admin, customer,
    reader or metrics. status: active, expired or revoked. expires_at: null if it never expires.
    """

    token_id: str
    subject: str
    role: str
    status: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None


class IssuedToken(Struct, frozen=True):
    """A new token. token: its text, which is shown here once and stored nowhere."""

    token_id: str
    subject: str
    role: str
    created_at: str
    expires_at: str | None
    token: str


class StoreStatus(Struct, frozen=True, omit_defaults=True):
    """A store, and how much it holds.

    store: its URL without a password. database: its name and version. position: of the last event.
    airplanes, reservations: counts. bytes: the size on disk. unfinished: true for a copy that is
    not verified yet; else it is left out.
    """

    store: str
    database: str
    position: int
    airplanes: int
    reservations: int
    bytes: int
    unfinished: bool = False


class Copied(Struct, frozen=True):
    """The contents of a verified copy; they are the same in both stores.

    events, keys, customers: counts. digest: a hash of all events, keys, customers, actors, digests,
    numbers and parked reservations.
    """

    events: int
    keys: int
    customers: int
    digest: str


class RefusedLine(Struct, frozen=True):
    """A line of an imported file that was refused. line: its number, from 1."""

    line: int
    code: str
    message: str


class Imported(Struct):
    """The counts of an import. repeated: lines accepted before, under the same key."""

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
    | Token
    | IssuedToken
)
Row = dict[str, Any]
