"""Views on the PostgreSQL server that keeps the log, in a namespace of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sql

from airbook.eventlog.errors import StoreError, without_password
from airbook.eventlog.postgres.connection import Server
from airbook.eventlog.postgres.errors import retry_interrupted
from airbook.eventlog.postgres.errors import translate_errors as explained_by_server
from airbook.eventlog.postgres.schema import REBUILDING, VIEWS, VIEWS_ROLE
from airbook.projections.database import AlreadyRebuilding, create_missing

if TYPE_CHECKING:
    from airbook.eventlog.postgres.connection import PatientConnection

HOUR_SECONDS = 3600.0
ANSWER_SECONDS = 10.0  # a rebuilt table takes its place in one transaction
# A plan for any values whatever would look for each customer among hundreds, row by row.
PLANNED = "SET LOCAL plan_cache_mode = force_custom_plan"
# Whoever may add events but owns nothing works on views in the role that owns them.
SETTLE = (
    f"SELECT set_config('search_path', '{VIEWS}', false), set_config('role', rolname, false)"  # noqa: S608
    f" FROM (SELECT max(rolname) AS rolname FROM pg_roles WHERE rolname = {VIEWS_ROLE}"
    " AND pg_has_role(current_user, oid, 'MEMBER')"
    f" AND has_schema_privilege(rolname, '{VIEWS}', 'CREATE')) AS owner"
)


@contextmanager
def translate_errors(url: str) -> Generator[None]:
    """Turn what PostgreSQL complains of into StoreError; a table that is gone is damage here."""
    try:
        with explained_by_server(url):
            yield
    except StoreError as error:
        if error.code != "store_missing" or error.__cause__ is None:
            raise
        raise StoreError("views_damaged", without_password(url)) from error


class ServerDatabase:
    """Views beside the log on a server; every process of airbook reads and writes the same.

    Who drops a table or gives it another name takes it from those who read, whatever they have
    seen: so whoever reads holds the checkpoints against that.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self._is_ready = False
        self.engine = sql.create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            paramstyle="format",  # `project` hands rows to the driver as they are
            pool_pre_ping=True,
        )

    def _connect(self) -> Any:  # noqa: ANN401 -- the driver's
        return self.server.connect_for_views(ANSWER_SECONDS, SETTLE)

    @contextmanager
    def reading(self) -> Generator[sql.Connection]:
        """Read everything as of one moment."""
        with (
            translate_errors(self.server.url),
            self.engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ) as connection,
            connection.begin(),
        ):
            if self._is_ready:  # as the first thing: it takes no snapshot
                both = f"LOCK TABLE checkpoints IN ACCESS SHARE MODE; {PLANNED}"
                connection.exec_driver_sql(both, execution_options={"no_parameters": True})
            yield connection

    @contextmanager
    def reading_long(self) -> Generator[sql.Connection]:
        """Read everything as of one moment, however long it takes."""
        with self.reading() as connection:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
            driver = cast("PatientConnection[Any]", connection.connection.driver_connection)
            driver.patience = HOUR_SECONDS
            try:
                yield connection
            finally:
                driver.patience = ANSWER_SECONDS

    @contextmanager
    def writing(self) -> Generator[sql.Connection]:
        """Write in one transaction."""
        with translate_errors(self.server.url), self.engine.begin() as connection:
            yield connection

    def prepare(
        self, is_ready: Callable[[sql.Connection], bool], create: Callable[[sql.Connection], None]
    ) -> None:
        """Create what is missing, one process at a time."""

        def create_alone(connection: sql.Connection) -> None:
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(*REBUILDING)))
            create(connection)

        retry_interrupted(lambda: create_missing(self, is_ready, create_alone))
        self._is_ready = True

    def hold_readers(self, connection: sql.Connection) -> None:
        """Wait until nobody reads, and let nobody begin before this transaction ends."""
        connection.exec_driver_sql("LOCK TABLE checkpoints IN ACCESS EXCLUSIVE MODE")

    @contextmanager
    def rebuilding(self) -> Generator[None]:
        """Let nobody else rebuild meanwhile; the lock ends with the connection."""
        with translate_errors(self.server.url), self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            lock = sql.select(sql.func.pg_try_advisory_lock(*REBUILDING))
            if not connection.execute(lock).scalar_one():
                raise AlreadyRebuilding
            try:
                yield
            finally:
                connection.execute(sql.select(sql.func.pg_advisory_unlock(*REBUILDING)))

    def is_damaged(self, tables: Collection[str]) -> bool:
        """Tell whether one of some tables is gone; other faults the server finds itself."""
        with self.reading() as connection:
            return not set(tables) <= set(sql.inspect(connection).get_table_names())

    def is_gone(self) -> bool:
        """Leave it to the server: what is gone cannot be reached."""
        return False

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def discard(server: Server) -> None:
    """Drop every table of the views. Raises StoreError."""
    names = sql.text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    database = ServerDatabase(server)
    try:
        with database.writing() as connection:
            for name in connection.execute(names).scalars().all():
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
    finally:
        database.close()
