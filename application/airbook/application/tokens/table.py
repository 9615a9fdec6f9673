"""The table of the tokens: a file beside the log, or a table on the server of the log."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sql
from msgspec import structs
from sqlalchemy import event as sql_event
from sqlalchemy.schema import CreateTable

from airbook.application.tokens.token import ROLES, StoredToken
from airbook.eventlog.errors import DamagedRow, StoreError, Trouble, check_types
from airbook.eventlog.sqlite.connection import BUSY_SECONDS
from airbook.eventlog.sqlite.errors import translate_errors

if TYPE_CHECKING:
    from airbook.eventlog.postgres.connection import Server

SERVER_SECONDS = 2.0
COLUMN_TYPES = (str, str, str, bytes, bytes, str, str | None, str | None)
# What is missing or damaged, if the log itself is there.
FOUND_IN_TABLE: dict[Trouble, Trouble] = {
    "store_missing": "store_older",
    "store_damaged": "tokens_damaged",
}

TABLE = sql.Table(
    "tokens",
    sql.MetaData(),
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("subject", sql.Text, nullable=False),
    sql.Column("role", sql.Text, nullable=False),
    sql.Column("key", sql.LargeBinary, nullable=False),
    sql.Column("mac", sql.LargeBinary, nullable=False),
    sql.Column("created_at", sql.Text, nullable=False),
    sql.Column("expires_at", sql.Text),
    sql.Column("revoked_at", sql.Text),
)


class TokenDatabase(Protocol):
    """A database with the table of the tokens. Its methods raise StoreError."""

    def has_table(self) -> bool:
        """Return whether the table may be read; a file has none before the first token."""
        ...

    def create_table(self) -> None:
        """Create the table unless it exists, where that is not left to `airbook store init`."""
        ...

    def begin(self) -> AbstractContextManager[sql.Connection]:
        """Open a transaction."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class Tokens:
    """The tokens of one store. Every method raises StoreError; threads may share the object."""

    def __init__(self, database: TokenDatabase) -> None:
        self._database = database

    def add(self, token: StoredToken) -> None:
        """Store a new token."""
        self._database.create_table()
        with self._database.begin() as connection:
            connection.execute(TABLE.insert(), structs.asdict(token))

    def all(self) -> Sequence[StoredToken]:
        """List all tokens, oldest first."""
        return self._select(TABLE.select().order_by("created_at", "id"))

    def find(self, token_id: str) -> StoredToken | None:
        """Return the token with an id, None if there is none."""
        return next(iter(self._select(TABLE.select().where(TABLE.c.id == token_id))), None)

    def exist(self) -> bool:
        """Return whether the store has any token. Expired and revoked tokens count too."""
        return bool(self._select(TABLE.select().limit(1)))

    def revoke(self, token_id: str, at: str) -> None:
        """Let a token never be accepted again. at: the time, UTC in ISO 8601."""
        if self._database.has_table():
            with self._database.begin() as connection:
                matching = TABLE.c.id == token_id, TABLE.c.revoked_at.is_(None)
                connection.execute(TABLE.update().where(*matching).values(revoked_at=at))

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def _select(self, query: sql.Select[Any]) -> Sequence[StoredToken]:
        if not self._database.has_table():
            return []
        with self._database.begin() as connection:
            return [stored_token(tuple(row)) for row in connection.execute(query)]


def stored_token(row: Sequence[Any]) -> StoredToken:
    """Return the token of a row. Raises DamagedRow."""
    check_types([row], COLUMN_TYPES)
    token = StoredToken(*row)
    if token.role not in ROLES:
        raise DamagedRow(f"{token.role!r:.80} is no role")
    return token


class TokenFile:
    """The table in a SQLite file of its own, so that a copy of the log contains no tokens."""

    def __init__(self, path: Path) -> None:
        """path: the file; the first token creates it, for its owner alone."""
        self.path = path
        url = sql.URL.create("sqlite", database=str(path))
        self._engine = sql.create_engine(
            url, connect_args={"timeout": BUSY_SECONDS}, poolclass=sql.QueuePool
        )
        sql_event.listen(self._engine, "connect", configure)

    def has_table(self) -> bool:
        """Return whether the file exists and is not empty."""
        return os.path.isfile(self.path) and os.path.getsize(self.path) > 0  # noqa: PTH113, PTH202 -- Path's raise without permission

    def create_table(self) -> None:
        """Create the file and the table unless they exist."""
        with translate_errors(self.path, damaged="tokens_damaged"):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.path.exists():  # to close it would end the locks of this process on it
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with self._engine.begin() as connection:
                connection.execute(CreateTable(TABLE, if_not_exists=True))

    @contextmanager
    def begin(self) -> Generator[sql.Connection]:
        """Open a transaction."""
        with (
            translate_errors(self.path, damaged="tokens_damaged"),
            self._engine.begin() as connection,
        ):
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def configure(connection: sqlite3.Connection, _: object) -> None:
    """Let a commit reach the disk before it is acknowledged: a revoked token stays revoked."""
    connection.execute("PRAGMA synchronous = FULL")


class TokenTable:
    """A table on the PostgreSQL server of the log; `airbook store init` creates it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._engine = sql.create_engine(
            "postgresql+psycopg://", creator=self._connect, pool_pre_ping=True
        )

    def _connect(self) -> Any:  # noqa: ANN401 -- the driver's
        return self._server.connect_for_engine(SERVER_SECONDS, "SET search_path TO airbook")

    def has_table(self) -> bool:
        """Return True: the server reports a missing table when it is read."""
        return True

    def create_table(self) -> None:
        """Do nothing: the owner of the store creates the table."""

    @contextmanager
    def begin(self) -> Generator[sql.Connection]:
        """Open a transaction."""
        from airbook.eventlog.postgres import errors

        try:
            with errors.translate_errors(self._server.url), self._engine.begin() as connection:
                yield connection
        except StoreError as error:
            found = FOUND_IN_TABLE.get(error.code)
            if found is None or error.__cause__ is None:
                raise
            raise StoreError(found, self._server.shown) from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
