"""The leases of daemons: who holds which partition, and who stands by."""

from __future__ import annotations

import pytest

from airbook.application.airbook import Airbook
from airbook.application.stores.store import Store
from airbook.daemon import partition_leases as leases_module
from airbook.daemon.partition_leases import REBALANCE_SECONDS, PartitionLeases
from airbook.eventlog.lease import STANDBY
from airbook.eventlog.partition import WHOLE, Partition
from tests.daemon.clock import Clock

ONE, TWO = Partition(1, 2), Partition(2, 2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the leases."""
    clock = Clock()
    monkeypatch.setattr(leases_module, "time", clock)
    return clock


@pytest.fixture(autouse=True)
def airbook(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create the store of the leases; in a file, no lease is stale because the machine is slow."""
    monkeypatch.setattr("airbook.eventlog.sqlite.lease.TAKEOVER_SECONDS", 3_600)
    with Airbook(store) as opened:
        opened.create_if_missing()


def daemons(store: Store, count: int, of: int = 2) -> list[PartitionLeases]:
    return [PartitionLeases(store, of) for _ in range(count)]


def held(*leases: PartitionLeases) -> list[list[Partition]]:
    return [sorted(one.held) for one in leases]


def is_awaited(store: Store) -> bool:
    """Return whether a daemon stands by."""
    standby = store.lease(STANDBY)
    if standby.acquire():
        standby.release()
        return False
    return True


def test_daemons_share_the_partitions_and_rebalance_once_a_second(
    store: Store, clock: Clock
) -> None:
    first, second, third = daemons(store, 3)
    assert (first.acquire(), held(first)) == (True, [[ONE]])
    first.keep()
    assert held(first) == [[ONE]]
    clock.seconds += REBALANCE_SECONDS
    first.keep()
    assert (held(first), is_awaited(store)) == ([[ONE, TWO]], False)
    for _ in range(3):
        assert (second.acquire(), is_awaited(store)) == (False, True)
        first.keep()
    assert held(first, second) == [[ONE, TWO], []]
    clock.seconds += REBALANCE_SECONDS
    first.keep()
    assert (second.acquire(), held(first, second)) == (True, [[ONE], [TWO]])
    assert not is_awaited(store)
    assert not third.acquire()
    for _ in ("while a daemon stands by", "after it has ended"):
        clock.seconds += REBALANCE_SECONDS
        first.keep()
        second.keep()
        assert held(first, second) == [[ONE], [TWO]]
        third.release()
    second.release()
    clock.seconds += REBALANCE_SECONDS
    first.keep()
    assert held(first, second) == [[ONE, TWO], []]
    first.release()
    assert held(first) == [[]]


def test_a_daemon_that_lost_its_lease_stands_by(store: Store, clock: Clock) -> None:
    first, second, third = daemons(store, 3)
    assert [one.acquire() for one in (first, second, third)] == [True, True, False]
    first.release()
    assert (third.acquire(), held(second, third)) == (True, [[TWO], [ONE]])
    third.held[ONE].release()  # as it is after a lease was taken from a daemon that hung
    clock.seconds += REBALANCE_SECONDS
    third.keep()
    assert held(third) == [[]]
    assert first.acquire()
    assert (third.acquire(), is_awaited(store)) == (False, True)
    third.release()
    assert not is_awaited(store)
    assert held(first, second, third) == [[ONE], [TWO], []]
    first.release()
    second.release()


def test_a_daemon_that_shares_nothing_needs_no_standby(store: Store, clock: Clock) -> None:
    first, second = daemons(store, 2, of=1)
    assert (first.acquire(), second.acquire()) == (True, False)
    assert second.retry_seconds == store.lease().retry_seconds
    assert not is_awaited(store)
    clock.seconds += REBALANCE_SECONDS
    first.keep()
    assert held(first, second) == [[WHOLE], []]
    first.release()
    assert (second.acquire(), held(first, second)) == (True, [[], [WHOLE]])
    second.release()


def test_a_daemon_that_gave_everything_up_stands_by_again(store: Store) -> None:
    first, second, third = daemons(store, 3)
    assert (first.acquire(), second.acquire(), third.acquire()) == (True, True, False)
    third.release()
    assert not is_awaited(store)
    assert (third.acquire(), is_awaited(store)) == (False, True)
    for one in (first, second, third):
        one.release()
