"""The log on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.errors import UniqueViolation

from airbook.eventlog.append import finished, lookup_for, plan
from airbook.eventlog.codec import Codec
from airbook.eventlog.digests import SQLDigests
from airbook.eventlog.postgres.connection import Server
from airbook.eventlog.postgres.diagnostics import PostgresDiagnostics
from airbook.eventlog.postgres.errors import ends_connection, not_stored, retry_interrupted
from airbook.eventlog.postgres.in_doubt import was_committed
from airbook.eventlog.postgres.notification import NotifyNotifier
from airbook.eventlog.postgres.pool import LogDatastore
from airbook.eventlog.postgres.reads import PostgresReads
from airbook.eventlog.postgres.writes import LOCK, STATEMENTS, insert, look_up
from airbook.eventlog.recorder import CommitObserver
from airbook.eventlog.records import Conflict, Transaction, TransactionResult
from airbook.eventlog.registry import SQLRegistry
from airbook.eventlog.rows import Lookup, LookupResult, Rows

OUTCOME_SECONDS = 2.8  # from the beginning of a commit until the caller knows its outcome
Planned = tuple[Rows, Sequence[TransactionResult]]


class PostgresRecorder:
    """The store of a log in one PostgreSQL database."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.datastore = LogDatastore(server)
        self.reads = PostgresReads(self.datastore)
        self.registry = SQLRegistry(self.datastore, STATEMENTS)
        self.digests = SQLDigests(self.datastore, STATEMENTS)
        self.notifier = NotifyNotifier(self.datastore)
        self.diagnostics = PostgresDiagnostics(self.datastore)
        self._identity: str | None = None
        self._outcome_seconds = OUTCOME_SECONDS

    @property
    def identity(self) -> str:
        """Return the id of this log; no other log has it. Raises StoreError."""
        if self._identity is None:
            rows = self.datastore.read("SELECT id FROM airbook.identity")
            if len(rows) != 1 or not rows[0][0]:
                raise self.datastore.damaged()
            self._identity = str(rows[0][0])
        return self._identity

    def append(
        self, transactions: Sequence[Transaction], codec: Codec
    ) -> Sequence[TransactionResult]:
        """Store transactions in one commit; returns a result for each, in order."""
        lookup = lookup_for(transactions)
        try:
            return self._commit(
                lookup,
                lambda found: plan(transactions, finished(found, self.server.shown), codec),
            )
        except UniqueViolation:  # rows of a program that does not take the lock
            return [Conflict() for _ in transactions]

    def insert(self, rows: Rows) -> None:
        """Insert rows of another store in one commit. Raises Conflict if other rows exist."""
        try:
            self._commit(Lookup(), lambda _: (rows, ()))
        except UniqueViolation as error:
            raise Conflict from error

    def _commit(
        self, lookup: Lookup, planned: Callable[[LookupResult], Planned]
    ) -> Sequence[TransactionResult]:
        until = time.monotonic() + self._outcome_seconds
        return retry_interrupted(lambda: self._try(lookup, planned, until))

    def _try(
        self, lookup: Lookup, planned: Callable[[LookupResult], Planned], until: float
    ) -> Sequence[TransactionResult]:
        committing = ""
        rows = Rows()
        results: Sequence[TransactionResult] = ()
        with self.datastore.get_connection() as connection:
            try:
                with connection.pipeline():
                    connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                    connection.execute(LOCK)
                    found, transaction = look_up(connection, lookup)
                    rows, results = planned(found)
                    insert(connection, rows)
                    committing = transaction
                    connection.execute("COMMIT")
            except BaseException as error:
                is_open = roll_back(connection, error)
                if not is_open and committing and isinstance(error, psycopg.Error):
                    if was_committed(self.server, rows, committing, until):
                        return results
                    raise not_stored(error, self.server.shown) from error
                raise
        return results

    def note_written(self, pages: int) -> None:
        """Do nothing: the server takes care of its write-ahead log."""

    def observe(self, observer: CommitObserver) -> None:
        """Do nothing: the server waits for its own disk, and does not say how long."""

    def await_outcomes(self, seconds: float) -> None:
        """Ask for at least so long, from the beginning of a commit, whether it is stored."""
        self._outcome_seconds = max(OUTCOME_SECONDS, seconds)

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()


def roll_back(connection: psycopg.Connection[Any], error: BaseException) -> bool:
    """Roll back after an error, or close a connection that is lost; return whether it is open.

    A server that ends a connection may say so after it has answered a COMMIT. The connection then
    looks open, and as if no transaction had begun.
    """
    if isinstance(error, psycopg.Error) and ends_connection(error):
        connection.close()
    elif not connection.closed:
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()
    return not connection.closed
