"""Relays: where each of them is in the log, and how far it is behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from msgspec import Struct

from airbook.eventlog.log import Log

SUBSCRIBER = "relay "  # the beginning of the names of their checkpoints
OTHERS = "other"


class RelayProgress(Struct, frozen=True):
    """The progress of one relay.

    position: of the last event that the broker has confirmed. lag_events: the events after it.
    lag_seconds: the age of the first of them.
    """

    name: str
    position: int
    lag_events: int
    lag_seconds: float


def subscriber_of(name: str) -> str:
    """Return the name of the checkpoint of a relay."""
    return f"{SUBSCRIBER}{name}"


def lease_of(name: str) -> str:
    """Return the name of the lease of a relay, which can be the name of a file."""
    return f"relay-{crc32(name.encode()):08x}"


def list_relays(log: Log, now: datetime, most: int) -> Sequence[RelayProgress]:
    """List the relays that have a checkpoint in a log, by name. Raises StoreError.

    most: how many to list by name. The others are one entry named OTHERS, which is as far behind
    as the last of them.
    """
    found = {
        subscriber.removeprefix(SUBSCRIBER): position
        for subscriber, position in sorted(log.registry.checkpoints().items())
        if subscriber.startswith(SUBSCRIBER)
    }
    listed = [name for name in found if name != OTHERS][:most]
    positions = {name: found.pop(name) for name in listed}
    if found:
        positions[OTHERS] = min(found.values())
    return [progress_at(log, name, position, now) for name, position in positions.items()]


def progress_at(log: Log, name: str, position: int, now: datetime) -> RelayProgress:
    """Return the progress of a relay that has reached a position. Raises StoreError."""
    first = next(iter(log.after(position, 1)), None)
    seconds = (now - datetime.fromisoformat(first.at)).total_seconds() if first else 0.0
    events = max(0, log.head() - position) if first else 0
    return RelayProgress(name, position, events, round(max(0.0, seconds), 3))
