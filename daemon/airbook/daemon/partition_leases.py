"""The partitions of one daemon: a lease for each, held by one daemon at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator

from airbook.application.stores.store import Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import DAEMON, STANDBY, Lease
from airbook.eventlog.partition import Partition

REBALANCE_SECONDS = 1.0


class PartitionLeases:
    """The leases that a daemon holds.

    A daemon takes one partition, and further ones that stay free for a while, so that all
    partitions are decided however few daemons run. A standby daemon holds the standby lease; a
    daemon with more than one partition then releases one of them.
    """

    def __init__(self, store: Store, of: int) -> None:
        """of: the number of partitions."""
        self.partitions = [Partition(number, of) for number in range(1, of + 1)]
        self.held: dict[Partition, Lease] = {}
        self._leases = {one: store.lease(DAEMON + one.suffix) for one in self.partitions}
        self._standby = store.lease(STANDBY) if of > 1 else None
        self._is_standby = False
        self.rebalance_at = 0.0  # on the monotonic clock

    @property
    def retry_seconds(self) -> float:
        """Return how often to try while other daemons hold all partitions."""
        return self._leases[self.partitions[0]].retry_seconds

    def acquire(self) -> bool:
        """Try once to take a partition; return whether this daemon holds one.

        Raises StoreError.
        """
        if not self.held and (free := next(self._take_free(), None)):
            self.held[free] = self._leases[free]
            self.rebalance_at = time.monotonic() + REBALANCE_SECONDS
        if self._standby is not None:
            self._keep_standby(self._standby)
        return bool(self.held)

    def _keep_standby(self, standby: Lease) -> None:
        if self.held and self._is_standby:
            standby.release()
            self._is_standby = False
        elif not self.held:
            self._is_standby = standby.beat() if self._is_standby else standby.acquire()

    def _take_free(self) -> Iterator[Partition]:
        """Take free partitions, one each time the next is asked for."""
        for partition, lease in self._leases.items():
            if partition not in self.held and lease.acquire():
                yield partition

    def keep(self) -> None:
        """Write heartbeats, drop lost leases, and rebalance with the other daemons.

        Raises StoreError.
        """
        self.held = {partition: lease for partition, lease in self.held.items() if lease.beat()}
        if self._standby is None or not self.held or time.monotonic() < self.rebalance_at:
            return
        self.rebalance_at = time.monotonic() + REBALANCE_SECONDS
        try:
            nobody_stands_by = self._standby.acquire()
        except StoreError:  # the heartbeats are written; the next time is soon enough
            return
        if nobody_stands_by:
            self._standby.release()
            if free := next(self._take_free(), None):
                self.held[free] = self._leases[free]
        elif len(self.held) > 1:
            self.held.popitem()[1].release()

    def release(self) -> None:
        """Give every lease up, so that other daemons can take them."""
        for lease in (*self._leases.values(), *([self._standby] if self._standby else [])):
            lease.release()
        self.held, self._is_standby = {}, False
