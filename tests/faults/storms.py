"""An administrator who ends every connection again and again."""

from __future__ import annotations

import random
import time

from tests.faults.interrupting import disturbed
from tests.support.home import Home
from tests.support.postgres_server import Server

TERMINATE_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def connections_are_terminated(home: Home, server: Server, *, storms: int, seed: int) -> None:
    """End all connections up to twenty times in a row, `storms` times; every process goes on."""
    print(f"seed {seed}")
    chance = random.Random(seed)

    def storm(*__: object) -> float:
        assert home.url is not None
        for _ in range(chance.randint(1, 20)):
            server.execute(TERMINATE_ALL, home.url)
            time.sleep(chance.choice((0.0, 0.01, 0.1)))
        time.sleep(chance.uniform(0.0, 1.0))
        return 0.0

    disturbed(home, storm, storms)
