"""Wake-ups between the processes of one log on PostgreSQL: LISTEN and NOTIFY."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Self

import psycopg
from psycopg.rows import DictRow

from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.connection import PatientConnection
from airbook.eventlog.postgres.pool import LogDatastore


class NotifyNotifier:
    """Wakes the listeners of one log."""

    def __init__(self, datastore: LogDatastore) -> None:
        self._datastore = datastore

    def wake(self) -> None:
        """Wake every listener, in all processes. Raises StoreError."""
        self._datastore.read("SELECT pg_notify('airbook', '')")

    def listener(self) -> NotifyListener:
        """Listen for new events of any process."""
        return NotifyListener(self._datastore)


class NotifyListener:
    """Listens with a connection of its own; a lost connection is opened again."""

    def __init__(self, datastore: LogDatastore) -> None:
        self._server = datastore.server
        self._connection: PatientConnection[DictRow] | None = None

    def wait(self, seconds: float) -> bool:
        """Wait for a wake-up, at most so many seconds; return whether one came."""
        until = time.monotonic() + seconds
        try:
            if self._connection is None:
                self._listen()
                return True  # events committed before LISTEN have sent no notification
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                return True
        except (StoreError, psycopg.Error):
            self.close()
            time.sleep(max(0.0, until - time.monotonic()))
        return False

    def _listen(self) -> None:
        self._connection = self._server.connect()
        self._connection.execute("LISTEN airbook")

    def close(self) -> None:
        """Stop listening."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def __enter__(self) -> Self:
        try:
            self._listen()
        except (StoreError, psycopg.Error):
            self.close()  # `wait` opens another connection
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
