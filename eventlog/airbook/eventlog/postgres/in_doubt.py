"""Finding out whether a transaction was committed when the reply to its COMMIT is lost."""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

import psycopg
from psycopg import errors

from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.connection import Server
from airbook.eventlog.postgres.writes import LOCK, is_written
from airbook.eventlog.rows import Rows

LEAST_SECONDS = 0.8  # for finding out, however long the wait for the reply was
POLL_SECONDS = 0.05


def was_committed(server: Server, rows: Rows, transaction: str, until: float) -> bool:
    """Return whether a transaction wrote its rows.

    transaction: its id. until: a deadline on the monotonic clock. Raises StoreError
    (store_uncertain) if the server does not answer in time.
    """
    answers = SimpleQueue[bool]()
    # In another thread: libpq takes at least two seconds to give up a connection.
    Thread(target=ask, args=(server, rows, transaction, until, answers), daemon=True).start()
    with suppress(Empty):
        return answers.get(timeout=max(LEAST_SECONDS, until - time.monotonic()))
    raise StoreError("store_uncertain", server.shown)


def ask(
    server: Server, rows: Rows, transaction: str, until: float, answers: SimpleQueue[bool]
) -> None:
    """Ask the server until it answers or the deadline passes, and put its answer in the queue."""
    while (answer := ask_once(server, rows, transaction)) is None and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    if answer is not None:
        answers.put(answer)


def ask_once(server: Server, rows: Rows, transaction: str) -> bool | None:
    """Ask the server once; None if it did not answer, or if the transaction has not ended."""
    answer: bool | None = None
    try:
        with server.connect() as connection, connection.transaction():
            connection.execute(LOCK)  # only a transaction that has ended gives this lock up
            query = "SELECT pg_xact_status(%s::xid8) AS status"
            row = connection.execute(query, (transaction,)).fetchone()
            match row and row["status"]:
                case "committed":
                    answer = is_written(connection, rows, transaction)
                case "aborted":
                    answer = False
                case _:
                    pass
    except errors.InvalidParameterValue:  # the server crashed, and that id is not given again yet
        answer = False
    except (StoreError, psycopg.Error):
        pass  # an answer that came before the connection broke stays true
    return answer
