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
# The longest time from a request to its decision, and how many there are.
WAITED = """
WITH event AS (
    SELECT originator_id AS stream, notification_id AS position, topic,
           (convert_from(state, 'UTF8')::jsonb ->> 'at')::timestamptz AS at
    FROM airbook.stored_events WHERE notification_id > %s
)
SELECT coalesce(max(extract(epoch FROM decided.at - requested.at)), 0), count(*)
FROM event AS requested JOIN event AS decided USING (stream)
WHERE requested.topic LIKE 'ReservationRequested.%%'
  AND (decided.topic LIKE 'ReservationApproved.%%' OR decided.topic LIKE 'ReservationRejected.%%')
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
