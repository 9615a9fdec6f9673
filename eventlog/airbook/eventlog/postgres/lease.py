"""Leases of a store on PostgreSQL: advisory locks, with a row for each heartbeat."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import LiteralString

import psycopg
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.rows import DictRow

from airbook.eventlog.errors import StoreError
from airbook.eventlog.lease import BEAT_SECONDS, DAEMON, TAKEOVER_SECONDS, Heartbeat, HeartbeatWatch
from airbook.eventlog.postgres.connection import (
    PatientConnection,
    Server,
    closing_if_read_only,
)
from airbook.eventlog.postgres.errors import translate_errors
from airbook.eventlog.postgres.schema import LEASE

LOCK = "SELECT pg_try_advisory_lock(%s, hashtext(%s)) AS taken"
UNLOCK_ALL = "SELECT pg_advisory_unlock_all()"
UNLOCK = "SELECT pg_advisory_unlock(%s, hashtext(%s))"
DELETE_HEARTBEAT = "DELETE FROM airbook.heartbeats WHERE lease = %s"
BEAT = (
    "INSERT INTO airbook.heartbeats VALUES (%s, %s, %s, pg_backend_pid(), clock_timestamp())"
    " ON CONFLICT (lease) DO UPDATE SET pid = excluded.pid, host = excluded.host,"
    " backend = excluded.backend, at = excluded.at"
)
SEEN = "SELECT backend, at::text FROM airbook.heartbeats WHERE lease = %s"
# A daemon that hangs loses its connection, and with it the lock.
END_STALE = (
    "SELECT pg_terminate_backend(backend) FROM airbook.heartbeats JOIN pg_locks"
    " ON pg_locks.pid = backend AND locktype = 'advisory' AND classid = %s"
    " WHERE lease = %s AND backend = %s AND at = %s::timestamptz"
)
HELD = (
    "SELECT lease, heartbeats.pid, host, extract(epoch FROM clock_timestamp() - at)::float AS age,"
    " (extract(epoch FROM at) * 1000000)::bigint AS number"
    " FROM airbook.heartbeats JOIN pg_locks ON pg_locks.pid = backend"
    " AND locktype = 'advisory' AND classid = %s AND objsubid = 2"
    " AND objid::bigint = hashtext(lease)::bigint & 4294967295"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Session:
    """The connection of one daemon, which holds all its leases."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.held: set[str] = set()
        self._connection: PatientConnection[DictRow] | None = None

    def execute(self, query: LiteralString, *values: object) -> DictRow | None:
        """Execute a statement; returns the first row of its result. Raises StoreError."""
        with translate_errors(self.server.url):
            if self._connection is None or self._connection.closed:
                self._connection = self.server.connect()
            with closing_if_read_only(self._connection):
                try:
                    cursor = self._connection.execute(query, values)
                except ReadOnlySqlTransaction:
                    # The server ends the session later than the connection is closed.
                    self._connection.execute(UNLOCK_ALL)
                    raise
                return cursor.fetchone() if cursor.description else None

    def backend(self) -> int | None:
        """Return the id of the server process that holds the locks; None without a connection."""
        connection = self._connection
        if connection is None or connection.closed:
            return None
        return connection.info.backend_pid

    def close(self) -> None:
        """Release every lease."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class SessionLease:
    """An advisory lock, which ends with the connection, its process or its machine."""

    retry_seconds = 0.1

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self.name = name
        self._holder: int | None = None
        self._beaten = float("-inf")
        self._watch = HeartbeatWatch(away_seconds=TAKEOVER_SECONDS / 2)

    def acquire(self) -> bool:
        """Try once to take the lease; return False while another daemon holds it.

        Raises StoreError.
        """
        if self.name in self._session.held:  # the server grants it to the same connection again
            return False
        row = self._session.execute(LOCK, LEASE, self.name)
        if row and row["taken"]:
            self._session.held.add(self.name)
            self._holder, self._beaten = self._session.backend(), float("-inf")
            try:
                return self.beat()
            except StoreError:
                self.release()
                raise
        with suppress(StoreError):  # another role holds the lease
            self._end_stale()
        return False

    def _end_stale(self) -> None:
        row = self._session.execute(SEEN, self.name)
        seen = row and (row["backend"], row["at"])
        if seen and self._watch.seconds_unchanged(seen) > TAKEOVER_SECONDS:
            self._session.execute(END_STALE, LEASE, self.name, *seen)

    def beat(self) -> bool:
        """Write a heartbeat; return False if the lease is lost.

        Raises StoreError (store_read_only) if the server refuses to be written to.
        """
        if self._holder is None or self._holder != self._session.backend():
            self.release()
            return False
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            try:
                self._session.execute(BEAT, self.name, os.getpid(), socket.gethostname())
                self._beaten = time.monotonic()
            except StoreError as error:
                if error.code == "store_read_only" and error.passing:
                    raise
        if self._holder == self._session.backend():
            return True
        self.release()
        return False

    def release(self) -> None:
        """Give the lease up, so that another daemon can take it."""
        if self._holder is not None and self._holder == self._session.backend():
            with suppress(StoreError):
                self._session.execute(DELETE_HEARTBEAT, self.name)
                self._session.execute(UNLOCK, LEASE, self.name)
        if self._holder is not None:
            self._session.held.discard(self.name)
            self._holder = None
        if not self._session.held:
            self._session.close()


def held_heartbeats(connection: psycopg.Connection[DictRow]) -> dict[str, Heartbeat]:
    """Return the last heartbeats of the daemons that hold a lease, by its name.

    A relay holds a lease too, and decides nothing.
    """
    return {
        row["lease"]: Heartbeat(
            row["pid"], time.monotonic() - row["age"], row["host"], row["number"]
        )
        for row in connection.execute(HELD, (LEASE,)).fetchall()
        if row["lease"].startswith(DAEMON)
    }
