"""An administrator ends every connection again and again: the daemon goes on."""

from __future__ import annotations

from tests.faults.storms import connections_are_terminated
from tests.support.home import Home
from tests.support.postgres_server import Server

SEED = 20_261_122


def test_every_connection_is_ended_again_and_again(served: Home, server: Server) -> None:
    connections_are_terminated(served, server, storms=5, seed=SEED)
