"""A store on a PostgreSQL server, for processes on any number of machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from airbook.application.errors import SettingError
from airbook.application.text.labels import mark
from airbook.eventlog.codec import CODEC, Codec
from airbook.eventlog.errors import StoreError, without_password
from airbook.eventlog.lease import DAEMON, Lease
from airbook.eventlog.log import Log

if TYPE_CHECKING:
    from airbook.application.tokens.table import Tokens
    from airbook.eventlog.postgres.connection import Server
    from airbook.eventlog.postgres.lease import Session
    from airbook.projections.store import Views


class PostgresStore:
    """One database of a server."""

    def __init__(self, url: str, *, unsafe: bool = False) -> None:
        """url: postgresql://…, as libpq reads it. unsafe: accept a server that may lose events."""
        self.secret_url = url
        self.unsafe = unsafe
        self._session: Session | None = None

    @cached_property
    def server(self) -> Server:
        """Return the server. Raises SettingError if its driver is not installed."""
        try:
            from airbook.eventlog.postgres.connection import Server
        except ImportError as error:
            sentence = mark("PostgreSQL needs one more package: pip install 'airbook[postgres]'")
            raise SettingError(sentence) from error
        return Server(self.secret_url, unsafe=self.unsafe)

    @property
    def url(self) -> str:
        """Return its URL without a password."""
        return without_password(self.secret_url)

    def is_made(self) -> bool:
        """Return True: the server reports a missing log when it is opened."""
        return True

    def create(self, *, role: str | None = None, reader: str | None = None) -> None:
        """Make tables, triggers and grants; the role in the URL owns them. Raises StoreError."""
        server = self.server
        from airbook.eventlog.postgres.schema import create

        create(server, role=role, reader=reader)

    def sql(self, *, role: str | None = None, reader: str | None = None) -> Iterator[str]:
        """Yield the statements that make the log, for a database administrator."""
        self.server  # noqa: B018 -- raises SettingError if the driver is not installed
        from airbook.eventlog.postgres.schema import statements

        return statements(role, reader)

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log; it connects to the server when it is first used."""
        server = self.server
        from airbook.eventlog.postgres.recorder import PostgresRecorder

        return Log(PostgresRecorder(server), codec)

    def has_views(self) -> bool:
        """Return True: the views stand beside the log."""
        return True

    def open_views(self, log: Log) -> Views:
        """Open the views of a log; their tables are created unless they exist."""
        from airbook.projections.postgres import PostgresDatabase
        from airbook.projections.store import Views

        return Views(PostgresDatabase(self.server), log)

    def discard_views(self) -> None:
        """Drop the tables of damaged views, which can be rebuilt from the log."""
        from airbook.projections.postgres import discard

        discard(self.server)

    def open_tokens(self) -> Tokens:
        """Open the tokens of the gateway; `create` makes their table."""
        server = self.server
        from airbook.application.tokens.table import Tokens, TokenTable

        return Tokens(TokenTable(server))

    def lease(self, name: str = DAEMON) -> Lease:
        """Return the lease of that name; one connection holds all leases of a daemon."""
        server = self.server
        from airbook.eventlog.postgres.lease import Session, SessionLease

        self._session = self._session or Session(server)
        return SessionLease(self._session, name)

    def lock_trouble(self, waited: float) -> StoreError | None:  # noqa: ARG002
        """Return None: the server ends each wait for the lock with an error of its own."""
        return None

    def exposed(self) -> Mapping[Path, int]:
        """Return nothing: the store has no files here."""
        return {}
