"""The views in a schema of their own on the PostgreSQL server that holds the log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sql
from psycopg.errors import InvalidSchemaName, ReadOnlySqlTransaction
from sqlalchemy import event as sql_event

from airbook.eventlog.errors import StoreError, Trouble, without_password
from airbook.eventlog.postgres.connection import PatientConnection, Server
from airbook.eventlog.postgres.errors import (
    NO_RIGHT,
    retry_interrupted,
    role_in,
    translate_errors,
)
from airbook.eventlog.postgres.schema import REBUILDING, VIEWS, VIEWS_ROLE
from airbook.projections.database import AlreadyRebuilding, create_missing

LONG_QUERY_SECONDS = 3600.0
QUERY_SECONDS = 10.0  # long enough for the transaction that replaces a table with its shadow table
# A generic plan reads every row to find hundreds of customers; a custom plan uses their index.
CUSTOM_PLANS = "SET LOCAL plan_cache_mode = force_custom_plan"
# A role that can append events but owns no table acts as the role that owns the views.
USE_VIEWS_ROLE = (
    f"SELECT set_config('search_path', '{VIEWS}', false), set_config('role', rolname, false)"  # noqa: S608
    f" FROM (SELECT max(rolname) AS rolname FROM pg_roles WHERE rolname = {VIEWS_ROLE}"
    " AND pg_has_role(current_user, oid, 'MEMBER')"
    f" AND has_schema_privilege(rolname, '{VIEWS}', 'CREATE')) AS owner"
)


@contextmanager
def translate_view_errors(url: str) -> Generator[None]:
    """Turn an exception of psycopg into StoreError; a missing table means damaged views."""
    try:
        with translate_errors(url):
            yield
    except StoreError as error:
        if error.code not in {"store_missing", "store_damaged"} or error.__cause__ is None:
            raise
        missing: Trouble = "views_missing" if lacks_schema(error) else "views_damaged"
        raise StoreError(missing, without_password(url)) from error


def lacks_schema(error: BaseException | None) -> bool:
    """Return whether a missing schema has caused an error."""
    while error and not isinstance(error, InvalidSchemaName):
        error = error.__cause__
    return error is not None


class PostgresDatabase:
    """The views on a server; every process of airbook reads and writes the same tables.

    To drop or rename a table does not wait for readers that have not touched the table yet. So
    each reader locks the table of checkpoints, and each writer that replaces a table does too.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.place = server.shown
        self._is_ready = False
        self.engine = sql.create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            paramstyle="format",  # `write_rows` passes positional parameters to the driver
            pool_pre_ping=True,
        )
        sql_event.listen(self.engine, "handle_error", replace_connection)
        sql_event.listen(self.engine, "checkout", begin_without_mode)

    def _connect(self) -> Any:  # noqa: ANN401 -- the driver's
        return self.server.connect_for_engine(QUERY_SECONDS, USE_VIEWS_ROLE)

    @contextmanager
    def reading(self) -> Generator[sql.Connection]:
        """Open a read transaction with one snapshot."""
        with (
            translate_view_errors(self.server.url),
            self.engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ) as connection,
            connection.begin(),
        ):
            if self._is_ready:  # LOCK is the first statement because it takes no snapshot
                both = f"LOCK TABLE checkpoints IN ACCESS SHARE MODE; {CUSTOM_PLANS}"
                connection.exec_driver_sql(both, execution_options={"no_parameters": True})
            yield connection

    @contextmanager
    def reading_long(self) -> Generator[sql.Connection]:
        """Open a read transaction that may take hours."""
        with self.reading() as connection:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
            driver = cast("PatientConnection[Any]", connection.connection.driver_connection)
            driver.patience = LONG_QUERY_SECONDS
            try:
                yield connection
            finally:
                driver.patience = QUERY_SECONDS

    @contextmanager
    def writing(self) -> Generator[sql.Connection]:
        """Open a write transaction."""
        with translate_view_errors(self.server.url), self.engine.begin() as connection:
            yield connection

    def list_texts(self, texts: Sequence[str]) -> sql.FromClause:
        """Return texts as a table of the columns `value` and `key`, which counts them in order."""
        array = sql.cast(list(texts), sql.ARRAY(sql.Text))
        listed = sql.func.unnest(array).table_valued("value", with_ordinality="key")
        return listed.render_derived()

    def prepare(
        self, is_ready: Callable[[sql.Connection], bool], create: Callable[[sql.Connection], None]
    ) -> None:
        """Create the missing tables, in one process at a time."""

        def create_locked(connection: sql.Connection) -> None:
            self._check_schema(connection)
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(*REBUILDING)))
            create(connection)

        retry_interrupted(lambda: create_missing(self, is_ready, create_locked))
        self._is_ready = True

    def _check_schema(self, connection: sql.Connection) -> None:
        """Raise StoreError if there is no schema, or if the role may not create tables in it.

        CREATE TABLE reports both as a missing schema.
        """
        may_create = sql.func.has_schema_privilege(VIEWS, "CREATE")
        if not connection.execute(sql.select(may_create)).scalar_one():
            reason, role = f"permission denied for schema {VIEWS}", role_in(self.server.url)
            raise StoreError("store_read_only", self.place, NO_RIGHT, role=role, reason=reason)

    def wait_at_most(self, seconds: float) -> None:
        """Do nothing: the server lets every session wait for less than a second."""

    def block_readers(self, connection: sql.Connection) -> None:
        """Wait until all read transactions end; block new ones until this transaction ends."""
        connection.exec_driver_sql("LOCK TABLE checkpoints IN ACCESS EXCLUSIVE MODE")

    @contextmanager
    def rebuilding(self) -> Generator[None]:
        """Hold a lock, which the server frees with the connection. Raises AlreadyRebuilding."""
        with translate_view_errors(self.server.url), self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            lock = sql.select(sql.func.pg_try_advisory_lock(*REBUILDING))
            if not connection.execute(lock).scalar_one():
                raise AlreadyRebuilding
            try:
                yield
            finally:
                connection.execute(sql.select(sql.func.pg_advisory_unlock(*REBUILDING)))

    def is_damaged(self, tables: Collection[str]) -> bool:
        """Return whether one of the named tables is gone; the server finds other damage itself."""
        with self.reading() as connection:
            return not set(tables) <= set(sql.inspect(connection).get_table_names())

    def is_gone(self) -> bool:
        """Return False; a database that was removed raises StoreError when it is used."""
        return False

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def replace_connection(context: sql.ExceptionContext) -> None:
    """Let the pool replace a connection that SQLAlchemy does not take for a lost one.

    It is one that fails its ping, whatever the error is: a connection that broke in the middle of
    something raises "can't change 'autocommit' now". And it is one to a server that refuses to be
    written to: another server may have taken its place, to which only a new connection leads.
    """
    if context.is_pre_ping or isinstance(context.original_exception, ReadOnlySqlTransaction):
        context.is_disconnect = True


def begin_without_mode(connection: PatientConnection[Any], *_: object) -> None:
    """Let a connection that has read begin its next transactions without READ WRITE.

    SQLAlchemy asks for that mode after READ ONLY. A standby refuses the mode itself, with an error
    that does not tell why.
    """
    connection.read_only = None


def discard(server: Server) -> None:
    """Drop every table of the views. Raises StoreError."""
    names = sql.text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    database = PostgresDatabase(server)
    try:
        with database.writing() as connection:
            for name in connection.execute(names).scalars().all():
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
    finally:
        database.close()
