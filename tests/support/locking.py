"""Another process that holds the write lock of a store."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from airbook.eventlog.postgres.schema import WRITING
from tests.support.running import Process
from tests.support.stores import path_of

ON_FILE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
"""
ON_SERVER = f"""
import psycopg, sys
connection = psycopg.connect(sys.argv[1], autocommit=True)
connection.execute("SELECT pg_advisory_lock({WRITING[0]}, {WRITING[1]})")
"""
AND_WAIT = """
print("locked", flush=True)
import time
time.sleep(600)
"""


@contextmanager
def locked(store: Store) -> Generator[None]:
    """Let another process hold the write lock for the duration of a block."""
    on_server = isinstance(store, PostgresStore)
    program = (ON_SERVER if on_server else ON_FILE) + AND_WAIT
    place = store.secret_url if isinstance(store, PostgresStore) else str(path_of(store))
    process = Process.of([sys.executable, "-c", program, place], os.environ, Path.cwd())
    try:
        assert process.stdout.readline() == "locked\n", process.said()
        yield
    finally:
        process.kill()
