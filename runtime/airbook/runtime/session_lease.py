"""A lease on a server: a lock that a connection holds, and a row with its heartbeat."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress

import psycopg
from psycopg import errors
from psycopg.rows import DictRow

from airbook.domain.postgres.schema import LEASE
from airbook.domain.postgres.server import PatientConnection, Server
from airbook.domain.postgres.trouble import explained
from airbook.runtime.lease import BEAT_SECONDS, STALE_SECONDS, Heartbeat

LOCK = "SELECT pg_try_advisory_lock(%s, hashtext(%s)) AS taken"
BEAT = (
    "INSERT INTO airbook.heartbeats VALUES (%s, %s, %s, pg_backend_pid(), clock_timestamp())"
    " ON CONFLICT (lease) DO UPDATE SET pid = excluded.pid, host = excluded.host,"
    " backend = excluded.backend, at = excluded.at"
)
# Whoever hangs with the lock in its hands loses the connection, and with it the lock.
END_STALE = (
    "SELECT pg_terminate_backend(backend) FROM airbook.heartbeats JOIN pg_locks"
    " ON pg_locks.pid = backend AND locktype = 'advisory' AND classid = %s"
    " WHERE lease = %s AND at < clock_timestamp() - make_interval(secs => %s)"
)
ALIVE = (
    "SELECT lease, heartbeats.pid, extract(epoch FROM clock_timestamp() - at)::float AS age"
    " FROM airbook.heartbeats JOIN pg_locks ON pg_locks.pid = backend"
    " AND locktype = 'advisory' AND classid = %s AND objsubid = 2"
    " AND objid::bigint = hashtext(lease)::bigint & 4294967295"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class SessionLease:
    """A lock that ends with the connection, so with the process too, and with its machine."""

    retry_seconds = 0.1

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self._connection: PatientConnection[DictRow] | None = None
        self._held = False
        self._beaten = float("-inf")

    def acquire(self) -> bool:
        """Try once to take the lease; False while another daemon has it. Raises StoreError."""
        with explained(self.server.url):
            if self._connection is None or self._connection.closed:
                self._connection = self.server.connect()
            row = self._connection.execute(LOCK, (LEASE, self.name)).fetchone()
            if not (row and row["taken"]):
                with suppress(errors.InsufficientPrivilege):  # it works as another role
                    self._connection.execute(END_STALE, (LEASE, self.name, STALE_SECONDS))
                return False
        self._held, self._beaten = True, float("-inf")
        return self.beat()

    def beat(self) -> bool:
        """Show that we are alive; False if the lease is no longer ours."""
        if not self._held or self._connection is None:
            return False
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            try:
                mark = (self.name, os.getpid(), socket.gethostname())
                self._connection.execute(BEAT, mark)
                self._beaten = time.monotonic()
            except psycopg.Error:
                self.release()
        return self._held

    def release(self) -> None:
        """Let another daemon have it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                if self._held and not connection.closed:
                    gone = "DELETE FROM airbook.heartbeats WHERE lease = %s"
                    connection.execute(gone, (self.name,))
            connection.close()
        self._held = False


def alive(connection: psycopg.Connection[DictRow]) -> dict[str, Heartbeat]:
    """Read the heartbeats of daemons that run, by the lease they hold."""
    return {
        row["lease"]: Heartbeat(row["pid"], time.time() - row["age"])
        for row in connection.execute(ALIVE, (LEASE,)).fetchall()
        if row["age"] <= STALE_SECONDS
    }
