"""Which partitions this daemon decides: a lease for each, held by one daemon at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator

from airbook.application.stores import LEASE, WISH, Store
from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import Lease
from airbook.eventlog.partition import Partition

LOOK_ROUND_SECONDS = 1.0


class Shares:
    """The leases a daemon holds.

    It takes one partition; where others are left over for a while, those too. So all partitions
    are decided, however few daemons run, and each gets one as soon as there are enough.
    """

    def __init__(self, store: Store, of: int) -> None:
        """of: how many partitions there are."""
        self.partitions = [Partition(number, of) for number in range(1, of + 1)]
        self.held: dict[Partition, Lease] = {}
        self._leases = {one: store.lease(LEASE + one.suffix) for one in self.partitions}
        self._wish = store.lease(WISH) if of > 1 else None
        self._wishing = False
        self.look_round_at = 0.0  # by the monotonic clock

    @property
    def retry_seconds(self) -> float:
        """Tell how often to try while others have them all."""
        return self._leases[self.partitions[0]].retry_seconds

    def acquire(self) -> bool:
        """Try once to take a partition; tells whether there is one. What fails is taken for no."""
        for partition in self._free():
            self.held[partition] = self._leases[partition]
            self.look_round_at = time.monotonic() + LOOK_ROUND_SECONDS
            break
        if self._wish is not None:
            self._keep_wishing(self._wish)
        return bool(self.held)

    def _keep_wishing(self, wish: Lease) -> None:
        if self.held and self._wishing:
            wish.release()
            self._wishing = False
        elif not self.held:
            self._wishing = wish.beat() if self._wishing else takes(wish)

    def _free(self) -> Iterator[Partition]:
        """Take partitions nobody has, one after another as they are asked for."""
        for partition, lease in self._leases.items():
            if partition not in self.held and takes(lease):
                yield partition

    def keep(self) -> None:
        """Show that we are alive; forget what was lost, take what is left over, give up one of two.

        Raises StoreError.
        """
        self.held = {partition: lease for partition, lease in self.held.items() if lease.beat()}
        if self._wish is None or not self.held or time.monotonic() < self.look_round_at:
            return
        self.look_round_at = time.monotonic() + LOOK_ROUND_SECONDS
        if takes(self._wish):  # nobody wishes
            self._wish.release()
            if left := next(self._free(), None):
                self.held[left] = self._leases[left]
        elif len(self.held) > 1:
            self.held.popitem()[1].release()

    def release(self) -> None:
        """Let other daemons have them."""
        for lease in (*self._leases.values(), *([self._wish] if self._wish else [])):
            lease.release()
        self.held = {}


def takes(lease: Lease) -> bool:
    """Try to take a lease; where the store cannot be reached just now, it is not ours."""
    try:
        return lease.acquire()
    except StoreError as error:
        if not error.passing:
            raise
        return False
