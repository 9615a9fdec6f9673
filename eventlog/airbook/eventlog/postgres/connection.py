"""Connections to one PostgreSQL server, checked for use, with a deadline for every answer."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.rows import DictRow, Row, RowFactory, TupleRow, dict_row, tuple_row

from airbook.eventlog.errors import StoreError, without_password
from airbook.eventlog.postgres.errors import UNREACHABLE, AnswerTimeout, translate_errors

SCHEMA = 2
OLDEST_SCHEMA = 1  # `create` brings it up to date
SCHEMA_COMMENT = "airbook's log, schema {version}"  # every role may read it
ANSWER_SECONDS = 2.0
# The server gives up before the client does, so that it holds no lock after the client left.
SESSION = {
    "statement_timeout": "1900ms",
    "lock_timeout": "800ms",
    "idle_in_transaction_session_timeout": "2s",
}
NETWORK: dict[str, Any] = {
    "connect_timeout": 2,  # seconds, the least libpq takes
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 2000,
    "application_name": "airbook",
    "client_encoding": "UTF8",
}
SET = "set_config('{}', '{}', false)"
CONFIGURE = f"""
    SELECT {", ".join(SET.format(*setting) for setting in SESSION.items())},
        current_setting('fsync') AS fsync,
        set_config('synchronous_commit', current_setting('synchronous_commit'), false)
            AS synchronous_commit,
        obj_description(to_regnamespace('airbook'), 'pg_namespace') AS comment,
        (SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('airbook')
            AND proname LIKE 'es\\_insert\\_events%' LIMIT 1) AS function
""".encode()  # noqa: S608 -- our own words
OLDEST = 140000
TOO_OLD = "The store {store} is on PostgreSQL {version}; airbook needs 14 or newer."
NOT_UTF8 = "The store {store} writes texts as {encoding}; airbook needs UTF8."
UNSAFE = "The store {store} has {setting} off: what it acknowledges may be lost."
FUNCTIONS = "The store {store} has the function {function}: what it writes can be overlooked."


class PatientConnection(psycopg.Connection[Row]):
    """A connection with a deadline for every answer. patience: in seconds."""

    patience: float = ANSWER_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401 -- psycopg's generators
        """Wait for the server as psycopg does, at most `patience` seconds without a timeout."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        # psycopg leaves this exception to the callers of its generators.
        except errors._WaitTimeout:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            self.close()
            raise AnswerTimeout(f"no answer within {self.patience:g} s") from None


@contextmanager
def closing_if_read_only(connection: psycopg.Connection[Any]) -> Generator[None]:
    """Close a connection to a server that refuses to be written to.

    Another server may have taken its place, to which only a new connection leads.
    """
    try:
        yield
    except errors.ReadOnlySqlTransaction:
        connection.close()
        raise


class Server:
    """The server and database that hold the log."""

    def __init__(self, url: str, *, unsafe: bool = False) -> None:
        """url: postgresql://…, as libpq reads it. unsafe: accept a server that may lose events."""
        self.url = url
        self.unsafe = unsafe
        self.shown = without_password(url)

    def connect(self, *, needs_tables: bool = True) -> PatientConnection[DictRow]:
        """Open a connection.

        needs_tables: refuse a database without the tables of the log. Raises StoreError.
        """
        connection: PatientConnection[DictRow] = self._open(row_factory=dict_row)
        with self._closing_on_error(connection):
            self.configure(connection, needs_tables=needs_tables)
        return connection

    def connect_for_engine(
        self, patience: float, setup: LiteralString
    ) -> PatientConnection[TupleRow]:
        """Open a connection for SQLAlchemy.

        patience: the deadline for an answer, in seconds. setup: the first query. Raises StoreError.
        """
        connection: PatientConnection[TupleRow] = self._open(row_factory=tuple_row)
        with self._closing_on_error(connection):
            self.configure(connection)
            connection.patience = patience
            limit = (f"{patience:g}s",)
            connection.execute("SELECT set_config('statement_timeout', %s, false)", limit)
            connection.execute(setup)
            connection.autocommit = False
        return connection

    def _open(self, row_factory: RowFactory[Any]) -> PatientConnection[Any]:
        with translate_errors(self.url):
            try:
                return PatientConnection.connect(
                    self.url, autocommit=True, row_factory=row_factory, **NETWORK
                )
            except psycopg.ProgrammingError:
                reason = "libpq cannot read the URL"  # libpq's own message may quote the password
                raise StoreError(
                    "store_unreachable", self.shown, UNREACHABLE, reason=reason
                ) from None

    @contextmanager
    def _closing_on_error(self, connection: PatientConnection[Any]) -> Generator[None]:
        try:
            with translate_errors(self.url):
                yield
        except BaseException:
            connection.close()
            raise

    def configure(self, connection: psycopg.Connection[Any], *, needs_tables: bool = True) -> None:
        """Set deadlines, and refuse a server that is not fit for the log. Raises StoreError."""
        if connection.info.server_version < OLDEST:
            major = connection.info.server_version // 10000
            raise StoreError("store_foreign", self.shown, TOO_OLD, version=major)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StoreError("store_unsafe", self.shown, NOT_UTF8, encoding=encoding or "?")
        row = connection.cursor(row_factory=dict_row).execute(CONFIGURE).fetchone() or {}
        for setting in ("fsync", "synchronous_commit"):
            if row[setting] == "off" and not self.unsafe:
                raise StoreError("store_unsafe", self.shown, UNSAFE, setting=setting)
        if row["function"]:
            raise StoreError("store_unsafe", self.shown, FUNCTIONS, function=row["function"])
        version = version_of(row["comment"])
        if needs_tables and version is None:
            raise StoreError("store_missing", self.shown)
        if version not in (None, SCHEMA) and (needs_tables or version != OLDEST_SCHEMA):
            raise StoreError("store_newer" if version > SCHEMA else "store_older", self.shown)


def version_of(comment: str | None) -> int | None:
    """Read the version of the tables from the comment on the schema; None if there is none."""
    found = re.fullmatch(SCHEMA_COMMENT.format(version="([0-9]{1,9})"), comment or "")
    return int(found[1]) if found else None
