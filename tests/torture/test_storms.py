"""An administrator ends every connection again and again: the daemon goes on."""

from __future__ import annotations

import random

import pytest

from tests.faults.storms import connections_are_terminated
from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.torture.figures import Record

pytestmark = pytest.mark.torture


def test_a_hundred_storms(served: Home, server: Server, record_property: Record) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    connections_are_terminated(served, server, storms=100, seed=seed)
