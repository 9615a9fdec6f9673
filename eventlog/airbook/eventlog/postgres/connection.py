"""One PostgreSQL server: connections fit for the log, which wait so long and no longer."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.rows import DictRow, Row, RowFactory, TupleRow, dict_row, tuple_row

from airbook.eventlog.errors import StoreError, without_password
from airbook.eventlog.postgres.errors import UNREACHABLE, Silent, explained

SCHEMA = 1
MADE = "airbook's log, schema {version}"  # the comment on the namespace, which anybody may read
ANSWER_SECONDS = 2.0
# The server gives up before the client does, so that it has let go of everything by then.
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
LOOK = f"""
    SELECT {", ".join(SET.format(*setting) for setting in SESSION.items())},
        current_setting('fsync') AS fsync,
        set_config('synchronous_commit', current_setting('synchronous_commit'), false)
            AS synchronous_commit,
        obj_description(to_regnamespace('airbook'), 'pg_namespace') AS made,
        (SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace('airbook')
            AND proname LIKE 'es\\_insert\\_events%' LIMIT 1) AS function
""".encode()  # noqa: S608 -- made of our own words
OLDEST = 140000
TOO_OLD = "The store {store} is on PostgreSQL {version}; airbook needs 14 or newer."
NOT_UTF8 = "The store {store} writes texts as {encoding}; airbook needs UTF8."
UNSAFE = "The store {store} has {setting} off: what it acknowledges may be lost."
FUNCTIONS = "The store {store} has the function {function}: what it writes can be overlooked."


class PatientConnection(psycopg.Connection[Row]):
    """A connection that waits for an answer so long and no longer."""

    patience: float = ANSWER_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401 -- psycopg's generators
        """Wait for the server, as psycopg does, at most `patience` seconds unless told."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        # psycopg asks those who call it to handle this one.
        except errors._WaitTimeout:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            self.close()
            raise Silent(f"no answer within {self.patience:g} s") from None


class Server:
    """Where the log is."""

    def __init__(self, url: str, *, unsafe: bool = False) -> None:
        """url: postgresql://…, as libpq reads it. unsafe: accept one that may lose events."""
        self.url = url
        self.unsafe = unsafe
        self.shown = without_password(url)

    def connect(self, *, made: bool = True) -> PatientConnection[DictRow]:
        """Open a connection. made: refuse a store that is not made yet, or is of another version.

        Raises StoreError.
        """
        connection: PatientConnection[DictRow] = self._open(row_factory=dict_row)
        with self._or_closed(connection):
            self.configure(connection, made=made)
        return connection

    def connect_for_views(
        self, patience: float, settle: LiteralString
    ) -> PatientConnection[TupleRow]:
        """Open a connection that SQLAlchemy works with. Raises StoreError.

        patience: how long it waits for an answer, in seconds. settle: a query to begin with.
        """
        connection: PatientConnection[TupleRow] = self._open(row_factory=tuple_row)
        with self._or_closed(connection):
            self.configure(connection)
            connection.patience = patience
            limit = (f"{patience:g}s",)
            connection.execute("SELECT set_config('statement_timeout', %s, false)", limit)
            connection.execute(settle)
            connection.autocommit = False
        return connection

    def _open(self, row_factory: RowFactory[Any]) -> PatientConnection[Any]:
        with explained(self.url):
            try:
                return PatientConnection.connect(
                    self.url, autocommit=True, row_factory=row_factory, **NETWORK
                )
            except psycopg.ProgrammingError:
                reason = "libpq cannot read the URL"  # what libpq says may quote the password
                raise StoreError(
                    "store_unreachable", self.shown, UNREACHABLE, reason=reason
                ) from None

    @contextmanager
    def _or_closed(self, connection: PatientConnection[Any]) -> Generator[None]:
        try:
            with explained(self.url):
                yield
        except BaseException:
            connection.close()
            raise

    def configure(self, connection: psycopg.Connection[Any], *, made: bool = True) -> None:
        """Set deadlines, and refuse what is not fit for the log. Raises StoreError."""
        if connection.info.server_version < OLDEST:
            major = connection.info.server_version // 10000
            raise StoreError("store_foreign", self.shown, TOO_OLD, version=major)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise StoreError("store_unsafe", self.shown, NOT_UTF8, encoding=encoding or "?")
        row = connection.cursor(row_factory=dict_row).execute(LOOK).fetchone() or {}
        for setting in ("fsync", "synchronous_commit"):
            if row[setting] == "off" and not self.unsafe:
                raise StoreError("store_unsafe", self.shown, UNSAFE, setting=setting)
        if row["function"]:
            raise StoreError("store_unsafe", self.shown, FUNCTIONS, function=row["function"])
        version = version_of(row["made"])
        if made and version is None:
            raise StoreError("store_missing", self.shown)
        if version not in (None, SCHEMA):
            raise StoreError("store_newer" if version > SCHEMA else "store_older", self.shown)


def version_of(comment: str | None) -> int | None:
    """Read the version of the schema out of the comment on the namespace."""
    found = re.fullmatch(MADE.format(version="([0-9]{1,9})"), comment or "")
    return int(found[1]) if found else None
