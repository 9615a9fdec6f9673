"""The database of a store in the cluster, read from outside without code of airbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.independent_checker import Kept, check
from tests.faults.independent_ledger import Ledger
from tests.rehearsal.cluster import Cluster

# The image has no shell and no tar, but Python: the file as one transaction sees it.
SERIALIZE = (
    "import sqlite3, sys;"
    " file = sqlite3.connect('file:/data/airbook.db?mode=ro', uri=True);"
    " sys.stdout.buffer.write(file.serialize())"
)
# Of each decision, the seconds since its request; and the longest of them.
WAITED = """
SELECT coalesce(max(extract(epoch FROM decided.at - requested.at)), 0), count(*)
FROM (SELECT originator_id, (state::jsonb ->> 'at')::timestamptz AS at, notification_id
      FROM airbook.stored_events WHERE topic LIKE 'ReservationRequested.%%') AS requested
JOIN (SELECT originator_id, (state::jsonb ->> 'at')::timestamptz AS at
      FROM airbook.stored_events
      WHERE topic LIKE 'ReservationApproved.%%' OR topic LIKE 'ReservationRejected.%%') AS decided
USING (originator_id)
WHERE requested.notification_id > %s
"""
HEAD = "SELECT coalesce(max(notification_id), 0) FROM airbook.stored_events"


def of_server(store: str, acknowledged: Iterable[Kept] = ()) -> Ledger:
    """Judge the database of a PostgreSQL server."""
    return check(store, acknowledged)


def file_of(cluster: Cluster, where: str) -> Ledger:
    """Judge the file of a pod, of which a copy is brought here. Raises RefusedError."""
    copied = cluster.raw("exec", *where.split(), "--", "python3.11", "-c", SERIALIZE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "airbook.db")
        path.write_bytes(copied)
        return check(path)


def head(store: str) -> int:
    """Return the position of the last event."""
    (position,) = asked(store, HEAD)
    return int(position)


def longest_wait(store: str, after: int) -> tuple[float, int]:
    """Return the longest seconds from a request to its decision, and how many were decided.

    after: the position after which the requests are looked at.
    """
    seconds, decided = asked(store, WAITED, after)
    return float(seconds), int(decided)


def asked(store: str, query: str, *values: object) -> tuple[Any, ...]:
    """Return the first row of an answer."""
    with psycopg.connect(store, connect_timeout=10) as server:
        row = server.execute(query.encode(), values or None).fetchone()
    assert row is not None
    return row
