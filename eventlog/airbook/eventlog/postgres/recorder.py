"""The log on PostgreSQL: what is appended, in the order of its commits, and never left in doubt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

import psycopg
from psycopg import errors

from airbook.eventlog.append import are_unopposed, plan, wanted
from airbook.eventlog.codec import Codec
from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.errors import Interrupted, patiently
from airbook.eventlog.postgres.registry import PostgresTables
from airbook.eventlog.postgres.statements import LOCK
from airbook.eventlog.postgres.writes import Added, Decided, Work
from airbook.eventlog.records import Answer, Conflict, Transaction
from airbook.eventlog.rows import Rows

TOLD_SECONDS = 2.8  # from the beginning of a commit until it is told what became of it
LEAST_SECONDS = 0.8  # to find out, when the wait for an answer took the rest


class PostgresLog(PostgresTables):
    """Appends events, and what belongs to them, in one transaction and two round trips."""

    def commit(self, transactions: Sequence[Transaction], codec: Codec) -> Sequence[Answer]:
        """Append what stands of some changes in one transaction; an answer for each."""
        work: Work
        if are_unopposed(transactions):
            work = Added(transactions, codec)
        else:
            work = Decided(wanted(transactions), lambda found: plan(transactions, found, codec))
        try:
            return self._in_time(work)
        except psycopg.IntegrityError:  # whoever wrote this took no lock
            return [Conflict() for _ in transactions]

    def write(self, rows: Rows) -> None:
        """Add rows as they are, in one transaction: they come from another store."""
        try:
            self._in_time(Decided(wanted(()), lambda _: (rows, ())))
        except psycopg.IntegrityError as error:
            raise Conflict from error

    def _in_time(self, work: Work) -> Sequence[Answer]:
        until = time.monotonic() + TOLD_SECONDS
        return patiently(lambda: self._try(work, until))

    def _try(self, work: Work, until: float) -> Sequence[Answer]:
        committing = ""
        with self.datastore.get_connection() as connection:
            try:
                with connection.pipeline():
                    connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                    transaction = work.begin(connection)
                    work.finish(connection)
                    committing = transaction
                    connection.execute("COMMIT")
                return work.answers()
            except BaseException as error:
                if not connection.closed:
                    connection.rollback()
                elif committing and isinstance(error, psycopg.Error):
                    answers = self._find_out(work, committing, until)
                    if answers is not None:
                        return answers
                    raise Interrupted("store_unreachable", self.server.shown) from error
                raise

    def _find_out(self, work: Work, transaction: str, until: float) -> Sequence[Answer] | None:
        """Find out what became of a transaction whose end we did not hear.

        Returns None if it was not committed. Raises StoreError (store_uncertain) if nobody tells in
        time.
        """
        told = SimpleQueue[Sequence[Answer] | None]()
        # Not in this thread: libpq takes two seconds at least to give a connection up.
        Thread(target=self._ask, args=(work, transaction, until, told), daemon=True).start()
        with suppress(Empty):
            return told.get(timeout=max(LEAST_SECONDS, until - time.monotonic()))
        raise StoreError("store_uncertain", self.server.shown)

    def _ask(
        self,
        work: Work,
        transaction: str,
        until: float,
        told: SimpleQueue[Sequence[Answer] | None],
    ) -> None:
        while not self._tell(work, transaction, told) and time.monotonic() < until:
            time.sleep(0.05)

    def _tell(
        self, work: Work, transaction: str, told: SimpleQueue[Sequence[Answer] | None]
    ) -> bool:
        """Ask once, and pass the answer on; False if there was none."""
        try:
            with self.server.connect() as connection, connection.transaction():
                connection.execute(LOCK)  # so it has ended, one way or the other
                query = "SELECT pg_xact_status(%s::xid8) AS status"
                row = connection.execute(query, (transaction,)).fetchone()
                status = row and row["status"]
                if status == "committed":
                    told.put(work.found_out(connection, transaction))
                elif status == "aborted":
                    told.put(None)
                return status in {"committed", "aborted"}
        except errors.InvalidParameterValue:  # the server crashed, and has not given that id again
            told.put(None)
            return True
        except (StoreError, psycopg.Error):
            return False
