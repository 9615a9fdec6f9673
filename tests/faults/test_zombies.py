"""A daemon of several that is stopped is replaced, and does no harm when it continues."""

from __future__ import annotations

from tests.faults.zombies import another_decides_while_one_is_stopped
from tests.support.home import Home


def test_a_daemon_with_a_partition_is_stopped_and_wakes_up(home: Home) -> None:
    another_decides_while_one_is_stopped(home, partitions=2)
