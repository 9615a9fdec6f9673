"""A server crashes and closes connections, and nothing that it acknowledged is lost."""

from __future__ import annotations

import random

import pytest

from tests.faults.interrupting import connections_are_cut, server_crashes
from tests.faults.losing import all_kinds_of_loss, replies_are_lost
from tests.support.home import Home
from tests.support.postgres_server import Server
from tests.support.proxy import Proxy
from tests.torture.figures import Record, record_percentiles

pytestmark = pytest.mark.torture


def test_a_thousand_replies_are_lost(distant: Home, proxy: Proxy) -> None:
    replies_are_lost(distant, proxy, times=1_000)


def test_replies_and_commits_are_lost_while_four_reserve(
    distant: Home, proxy: Proxy, record_property: Record
) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    all_kinds_of_loss(distant, proxy, times=2_000, seed=seed)


def test_a_server_crashes_under_load(served: Home, server: Server, record_property: Record) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    seconds = server_crashes(served, server, times=30, seed=seed)
    record_percentiles(record_property, seconds)


def test_connections_are_cut_at_random(
    served: Home, server: Server, record_property: Record
) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    connections_are_cut(served, server, times=300, seed=seed)
