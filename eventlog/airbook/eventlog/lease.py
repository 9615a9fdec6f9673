"""Leases: one daemon at a time holds each of them, and its heartbeat shows that it is alive."""

from __future__ import annotations

import time
from typing import Protocol

from msgspec import Struct

BEAT_SECONDS = 0.5
STALE_SECONDS = 5.0
DAEMON = "daemon"  # the name of the lease, or the beginning of the name of a partition's lease
STANDBY = f"{DAEMON}-standby"  # a daemon without a partition holds it: others then release one


class Heartbeat(Struct, frozen=True, omit_defaults=True):
    """The last heartbeat of a daemon.

    pid: its process. at: seconds since 1970. host: its machine; None where all daemons of a store
    are on one machine.
    """

    pid: int
    at: float
    host: str | None = None

    def age(self) -> float:
        """Return the seconds since this heartbeat."""
        return max(0.0, time.time() - self.at)


class Lease(Protocol):
    """A lease that one daemon at a time holds. Every method raises StoreError.

    retry_seconds: how often to try while another daemon holds it.
    """

    retry_seconds: float

    def acquire(self) -> bool:
        """Try once to take the lease; return False while another daemon holds it."""
        ...

    def beat(self) -> bool:
        """Write a heartbeat; return False if the lease is lost."""
        ...

    def release(self) -> None:
        """Give the lease up, so that another daemon can take it."""
        ...
