"""Leases: one daemon at a time holds each of them, and its heartbeat shows that it is alive."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct, structs

BEAT_SECONDS = 0.5
STALE_SECONDS = 5.0  # a daemon without a new heartbeat for so long does not count as running
# It loses the lease later: a daemon that waits for a locked store writes no heartbeat meanwhile.
TAKEOVER_SECONDS = 8.0
DOUBT_SECONDS = 2.5 * BEAT_SECONDS  # a daemon that lives writes a heartbeat in this time
LOOK_SECONDS = 0.05
DAEMON = "daemon"  # the name of the lease, or the beginning of the name of a partition's lease
STANDBY = f"{DAEMON}-standby"  # a daemon without a partition holds it: others then release one


class Heartbeat(Struct, frozen=True, omit_defaults=True):
    """The last heartbeat of a daemon.

    pid: its process. at: seconds on the monotonic clock of this machine. host: its machine; None
    where all daemons of a store are on one machine. number: differs from heartbeat to heartbeat.
    file: the file of the log that it decides on, as `file_id` names it; None where the log is no
    file.
    """

    pid: int
    at: float
    host: str | None = None
    number: int = 0
    file: str | None = None

    def age(self) -> float:
        """Return the seconds since this heartbeat; of no use if it is from another clock."""
        return time.monotonic() - self.at


class HeartbeatWatch:
    """Watches whether one heartbeat changes, on the monotonic clock of the watcher.

    A clock that was set, or another machine's clock, makes no difference.
    """

    def __init__(self, away_seconds: float = float("inf")) -> None:
        """away_seconds: a watcher that did not look for so long was stopped, and begins anew."""
        self._away_seconds = away_seconds
        self._seen: object = None
        self._since = self._looked_at = float("-inf")
        self.has_changed = False

    def seconds_unchanged(self, heartbeat: object) -> float:
        """Note what a look has seen; return for how long nothing else was seen."""
        now = time.monotonic()
        is_new = heartbeat != self._seen
        self.has_changed |= is_new and self._seen is not None
        if is_new or now - self._looked_at > self._away_seconds:
            self._seen, self._since = heartbeat, now
        self._looked_at = now
        return now - self._since


class Heartbeats:
    """Tells which daemons live: by one look at their heartbeats, or by several if that is in doubt.

    One look suffices if the monotonic clock of this machine says that a heartbeat is recent.
    Otherwise the clock may be another one, so that only a change of the heartbeat tells.
    """

    def __init__(self, look: Callable[[], Mapping[str, Heartbeat]]) -> None:
        """look: returns the heartbeats of all held leases, by name."""
        self._look = look
        self._watches: dict[str, HeartbeatWatch] = {}

    def living(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of the daemons that run and do not hang, by the name of the lease.

        Raises StoreError.
        """
        until = time.monotonic() + DOUBT_SECONDS
        while True:
            found = self._look()
            alive = {name: self._is_alive(name, one) for name, one in found.items()}
            if None not in alive.values() or time.monotonic() >= until:
                return {name: self._dated(name, found[name]) for name in found if alive[name]}
            time.sleep(LOOK_SECONDS)

    def _is_alive(self, name: str, heartbeat: Heartbeat) -> bool | None:
        """Return whether a daemon lives; None if another look is needed."""
        watch = self._watches.setdefault(name, HeartbeatWatch())
        seconds = watch.seconds_unchanged(identity_of(heartbeat))
        if 0 <= heartbeat.age() <= STALE_SECONDS or (watch.has_changed and seconds < STALE_SECONDS):
            return True
        return False if seconds >= DOUBT_SECONDS else None

    def _dated(self, name: str, heartbeat: Heartbeat) -> Heartbeat:
        """Return a heartbeat with a time of the clock of this machine."""
        if 0 <= heartbeat.age() <= STALE_SECONDS:
            return heartbeat
        seconds = self._watches[name].seconds_unchanged(identity_of(heartbeat))
        return structs.replace(heartbeat, at=time.monotonic() - seconds)


def identity_of(heartbeat: Heartbeat) -> object:
    """Return what differs from heartbeat to heartbeat, and not from look to look."""
    return heartbeat.pid, heartbeat.host, heartbeat.number or heartbeat.at


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
