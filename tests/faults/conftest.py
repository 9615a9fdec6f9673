"""The fixtures of the tests of faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.faults.disks import small_disk
from tests.faults.homes import distant, home, served
from tests.support.postgres_server import OwnServer

__all__ = ["distant", "home", "served", "small_disk"]


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    """Start a server that a test may stop and make a standby."""
    with closing(OwnServer()) as server:
        server.start()
        yield server
