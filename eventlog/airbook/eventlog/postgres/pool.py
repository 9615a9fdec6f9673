"""The connections of one process, and its ear for what others commit."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Self

import psycopg
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg.rows import DictRow, dict_row

from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.connection import NETWORK, PatientConnection, Server
from airbook.eventlog.postgres.errors import PATIENCE_SECONDS, Interrupted, explained

MOST = 8


class Connections(PostgresDatastore):
    """One connection for whoever comes, more when several come at once.

    The first is opened by whoever needs it, who thus hears why it cannot be; the others are
    psycopg's pool, which opens them in threads of its own.
    """

    def __init__(self, server: Server) -> None:
        super().__init__("", "", "", "", "", originator_id_type="text", schema="airbook")
        self.server = server
        self.pool = ConnectionPool(
            server.url,
            connection_class=PatientConnection[DictRow],
            kwargs={"autocommit": True, "row_factory": dict_row, **NETWORK},
            min_size=0,
            max_size=MOST,
            open=False,
            configure=server.configure,
            timeout=PATIENCE_SECONDS,
        )
        self._first: PatientConnection[DictRow] | None = None
        self._lent = Lock()

    def register_type_adapters(self) -> None:
        """Register none: rows are written as arrays of their columns."""

    @contextmanager
    def get_connection(self) -> Generator[psycopg.Connection[DictRow]]:
        """Lend a connection. Raises StoreError."""
        if self._lent.acquire(blocking=False):
            try:
                with explained(self.server.url):
                    yield self._open_first()
            finally:
                self._lent.release()
        else:
            self.pool.open()
            with explained(self.server.url), self.pool.connection() as connection:
                yield connection

    def _open_first(self) -> PatientConnection[DictRow]:
        if self._first is None:
            try:
                self._first = self.server.connect()
            except Interrupted as error:
                if isinstance(error.__cause__, psycopg.Error) and error.__cause__.sqlstate:
                    raise  # it is there, and starting up
                reason = error.values["reason"]
                raise StoreError(
                    error.code, self.server.shown, error.sentence, reason=reason
                ) from error
        elif self._first.closed:
            self._first = self.server.connect()
        return self._first

    def close(self) -> None:
        """Close every connection."""
        super().close()
        with suppress(psycopg.Error):
            if self._first is not None:
                self._first.close()


class NotifyListener:
    """Listens for the notifications of commits.

    A connection that is lost is opened again; whoever waits looks at the log meanwhile.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: PatientConnection[DictRow] | None = None

    def wait(self, seconds: float) -> bool:
        """Sleep until woken, at most that long; tell whether something woke us."""
        until = time.monotonic() + seconds
        try:
            if self._connection is None:
                self._listen()
                return True  # of what was committed before, nobody tells
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
        with suppress(StoreError, psycopg.Error):
            self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
