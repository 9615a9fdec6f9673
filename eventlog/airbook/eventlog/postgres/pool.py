"""The connections of one process to the log."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TypeVar

import psycopg
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection
from psycopg.rows import DictRow, dict_row, tuple_row

from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.connection import (
    NETWORK,
    PatientConnection,
    Server,
    closing_if_read_only,
)
from airbook.eventlog.postgres.errors import (
    PATIENCE_SECONDS,
    Interrupted,
    retry_interrupted,
    translate_errors,
)
from airbook.eventlog.sql import Values

Result = TypeVar("Result")
MAX_CONNECTIONS = 8


class LogDatastore(PostgresDatastore):
    """One connection that is always open, and more while several threads need one at once.

    The first connection is opened in the caller's thread, so that the caller gets the reason of a
    failure; the others are in psycopg's pool, which opens them in threads of its own.
    """

    def __init__(self, server: Server) -> None:
        super().__init__("", "", "", "", "", originator_id_type="text", schema="airbook")
        self.server = server
        self.pool = ConnectionPool(
            server.url,
            connection_class=PatientConnection[DictRow],
            kwargs={"autocommit": True, "row_factory": dict_row, **NETWORK},
            min_size=0,
            max_size=MAX_CONNECTIONS,
            open=False,
            configure=server.configure,
            timeout=PATIENCE_SECONDS,
        )
        self._first: PatientConnection[DictRow] | None = None
        self._lent = Lock()

    def register_type_adapters(self) -> None:
        """Register none: rows are written as arrays of their columns."""

    @contextmanager
    def get_connection(self) -> Generator[Connection[DictRow]]:
        """Lend a connection. Raises StoreError."""
        if self._lent.acquire(blocking=False):
            try:
                with translate_errors(self.server.url):
                    first = self._open_first()
                    with closing_if_read_only(first):
                        yield first
            finally:
                self._lent.release()
        else:
            self.pool.open()
            with (
                translate_errors(self.server.url),
                self.pool.connection() as connection,
                closing_if_read_only(connection),
            ):
                yield connection

    def _open_first(self) -> PatientConnection[DictRow]:
        if self._first is None:
            try:
                self._first = self.server.connect()
            except Interrupted as error:
                if isinstance(error.__cause__, psycopg.Error) and error.__cause__.sqlstate:
                    raise  # the server runs, and is starting up
                reason = error.values["reason"]
                final = StoreError(error.code, self.server.shown, error.sentence, reason=reason)
                final.passing = error.passing  # not for a command, but for a daemon that waits
                raise final from error
        elif self._first.closed:
            self._first = self.server.connect()
        return self._first

    def lend(self, work: Callable[[Connection[DictRow]], Result]) -> Result:
        """Do some work with a connection, and again if it is interrupted. Raises StoreError."""

        def once() -> Result:
            with self.get_connection() as connection:
                return work(connection)

        return retry_interrupted(once)

    def read(self, statement: str, *values: object) -> Sequence[Values]:
        """Return the rows of a query. Raises StoreError."""
        query = statement.encode()
        return self.lend(
            lambda connection: (
                connection.cursor(row_factory=tuple_row).execute(query, values).fetchall()
            )
        )

    def damaged(self) -> StoreError:
        """Return the error that reports a damaged row."""
        return StoreError("store_damaged", self.server.shown)

    def write(self, statement: str, *values: object) -> Sequence[Values]:
        """Execute a statement that changes rows; returns its RETURNING rows. Raises StoreError."""
        return self.read(statement, *values)

    def close(self) -> None:
        """Close every connection."""
        super().close()
        with suppress(psycopg.Error):
            if self._first is not None:
                self._first.close()
