"""Errors of PostgreSQL as StoreError, and retries of work that was interrupted."""

from __future__ import annotations

import getpass
import os
import random
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolTimeout

from airbook.eventlog.errors import (
    FOREIGN_RULE,
    DamagedRow,
    StoreError,
    Trouble,
    without_password,
)

Result = TypeVar("Result")

PATIENCE_SECONDS = 2.0
# https://www.postgresql.org/docs/current/errcodes-appendix.html
TROUBLES: dict[str, Trouble] = {
    "25006": "store_read_only",
    "3F000": "store_missing",
    "40001": "store_busy",
    "40P01": "store_busy",
    "42P01": "store_missing",
    "53100": "store_full",
    "53300": "store_busy",
    "55P03": "store_busy",
    "57014": "store_busy",
    "58030": "store_full",
    "XX001": "store_damaged",
    "XX002": "store_damaged",
}
ENDED = {"25P03", "25P04", "57P01", "57P02", "57P03", "57P05"}  # the connection was ended
PASSING = {
    *("40001", "40P01", "53300", "55P03"),  # another session held a lock or the last connection
    *ENDED,
}
READ_ONLY = {"25006"}  # a server that became a standby: another one can take its place
RULES = {"23", "P0"}  # classes: constraint, exception of a function in PL/pgSQL
# The unique indexes of the log. All others, as all other constraints, are not airbook's.
INDEXES = (
    *("stored_events_pkey", "stored_events_notification_id_key", "digests_pkey", "keys_pkey"),
    *("customers_pkey", "customers_name_key", "actors_pkey", "actors_name_key", "numbers_pkey"),
    *("notification_tracking_pkey", "parked_pkey", "identity_pkey", "tokens_pkey"),
    *("heartbeats_pkey", "commands_pkey"),  # the last one of keys, in a log of schema 1
)
OUT_OF_REACH = {"08", "28", "3D", "57"}  # classes: connection, login, no such database, shut down
UNREACHABLE = "The store {store} cannot be reached: {reason}"
# libpq gives no SQLSTATE for a refused connection, only a text. The refusals below last until an
# operator changes the account, the database or the URL. Every other refusal ends by itself, for
# example when the server has started; a text in another language counts as such a refusal.
REFUSED = re.compile(
    "authentication failed|no password supplied|no pg_hba.conf entry|is not permitted to log in"
    '|(role|database) ".*" does not exist|permission denied for database'
)
# psycopg, about a connection that broke, or broke off in the middle of a statement.
UNUSABLE = re.compile("can't change .* in transaction status (ACTIVE|UNKNOWN)")
PREFIX = re.compile("^(connection failed|connection is bad): ")  # UNREACHABLE has these words
FORBIDDEN = "The store {store} does not allow that: {reason}"
NO_RIGHT = "The role {role} needs a right that the owner of the store {store} grants: {reason}"


class Interrupted(StoreError):
    """The connection broke, or another session was in the way: trying again at once may help."""


class AnswerTimeout(psycopg.OperationalError):
    """The server did not answer in time."""


def ends_connection(error: psycopg.Error) -> bool:
    """Return whether an error ends its connection; psycopg may take the connection for open."""
    state = error.sqlstate or ""
    return not state or state[:2] == "08" or state in ENDED


@contextmanager
def translate_errors(url: str) -> Generator[None]:
    """Turn an error of psycopg, or one caused by it, into StoreError or Interrupted."""
    try:
        yield
    except StoreError:
        raise
    except DamagedRow as error:
        raise StoreError("store_damaged", without_password(url)) from error
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, psycopg.Error):
            cause = cause.__cause__
        found = cause and store_error(cause, url)
        if not found:
            raise
        raise found from error


def store_error(error: psycopg.Error, url: str) -> StoreError | None:
    """Return the StoreError for an error; None if the error is a fault of this program.

    url: of the store.
    """
    state = error.sqlstate or ""
    store = without_password(url)
    reason = reason_of(error)
    if state == errors.InsufficientPrivilege.sqlstate:
        return StoreError("store_read_only", store, NO_RIGHT, role=role_in(url), reason=reason)
    if state == errors.UndefinedObject.sqlstate:
        return StoreError("store_read_only", store, FORBIDDEN, reason=reason)
    if state in TROUBLES:
        found = (Interrupted if state in PASSING else StoreError)(TROUBLES[state], store)
        found.passing = found.passing or state in READ_ONLY
        return found
    if state[:2] in RULES and not is_taken(error):
        return StoreError("store_read_only", store, FOREIGN_RULE, rule=reason)
    lost = state[:2] in OUT_OF_REACH if state else is_lost(error)
    if not lost and state not in PASSING:
        return None
    final = AnswerTimeout | errors.ConnectionTimeout | PoolTimeout
    passing = state in PASSING if state else not isinstance(error, final)
    found = (Interrupted if passing else StoreError)(
        "store_unreachable", store, UNREACHABLE, reason=PREFIX.sub("", reason)
    )
    found.passing = state[:2] not in {"28", "3D"} and not REFUSED.search(reason)
    return found


def not_stored(error: psycopg.Error, store: str) -> Interrupted:
    """Return the error of a commit that broke off, after the server said that it is not stored.

    store: its URL without a password.
    """
    found = Interrupted("store_unreachable", store, UNREACHABLE, reason=reason_of(error))
    found.passing = True
    return found


def reason_of(error: psycopg.Error) -> str:
    """Return the first line of an error."""
    return (str(error).strip().splitlines() or ["the connection was lost"])[0]


def is_taken(error: psycopg.Error) -> bool:
    """Return whether a statement failed because another writer has stored such a row before."""
    index = error.diag.constraint_name
    of_log = error.diag.schema_name == "airbook"
    return isinstance(error, errors.UniqueViolation) and (index in INDEXES or not of_log)


def role_in(url: str) -> str:
    """Return the role that a URL names, or that libpq uses if it names none."""
    named = conninfo_to_dict(url).get("user") or os.environ.get("PGUSER")
    return str(named or getpass.getuser())


def is_lost(error: psycopg.Error) -> bool:
    """Return whether an error without an SQLSTATE is about the connection, not about this program.

    A server that ends a connection can leave it in a state in which nothing may be changed; a new
    connection works.
    """
    return isinstance(error, psycopg.OperationalError) or (
        isinstance(error, psycopg.ProgrammingError) and bool(UNUSABLE.match(str(error)))
    )


def retry_interrupted(work: Callable[[], Result]) -> Result:
    """Do some work; if it is interrupted, try again for PATIENCE_SECONDS. Raises StoreError."""
    until = time.monotonic() + PATIENCE_SECONDS
    most = 0.02
    while True:
        try:
            return work()
        except Interrupted:
            pause = random.uniform(most / 2, most)  # noqa: S311 -- spreads the retries of several processes
            if time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        most = min(2 * most, 0.3)
