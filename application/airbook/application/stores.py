"""Where a book is kept: in files beside each other, or on a PostgreSQL server."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from airbook.application.errors import SettingError
from airbook.application.text.labels import mark
from airbook.eventlog.codec import CODEC, Codec
from airbook.eventlog.errors import without_password
from airbook.eventlog.lease import FileLease, Heartbeat, Lease, alive
from airbook.eventlog.log import Log

if TYPE_CHECKING:
    from airbook.eventlog.postgres.connection import Server
    from airbook.eventlog.postgres.lease import Session
    from airbook.eventlog.postgres.recorder import PostgresLog
    from airbook.projections.store import Views

LEASE = "daemon"
WISH = f"{LEASE}-wish"  # held by a daemon that has no partition: whoever has two gives one up


class Store(Protocol):
    """Where a book is kept. Everything raises StoreError."""

    @property
    def url(self) -> str:
        """Say where, without a password."""
        ...

    def is_made(self) -> bool:
        """Tell whether there is anything to open; a server is asked when it is opened."""
        ...

    def create(self, *, role: str | None = None, reader: str | None = None) -> None:
        """Make the log, unless it is there.

        role: whom to let work. reader: whom to let look. Raises SettingError for a file, which
        knows nobody.
        """
        ...

    def sql(self, *, role: str | None = None, reader: str | None = None) -> Iterator[str]:
        """Give the statements that make the log."""
        ...

    def describe(self, log: Log) -> tuple[str, int]:
        """Name the database with its version, and tell how many bytes the store takes."""
        ...

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log."""
        ...

    def open_views(self, log: Log) -> Views:
        """Open the views of a log."""
        ...

    def discard_views(self) -> None:
        """Take damaged views away; the log has it all."""
        ...

    def lease(self, name: str = LEASE) -> Lease:
        """Give the lease of that name, for a daemon to take."""
        ...

    def heartbeats(self, log: Log) -> Mapping[str, Heartbeat]:
        """Read the heartbeats of daemons that run, by the lease they hold."""
        ...

    def exposed(self) -> Mapping[Path, int]:
        """List files that others than their owner can open, with their modes."""
        ...


class SQLiteStore:
    """Files beside each other: the log, the views, leases, and pipes to wake those who follow."""

    def __init__(self, path: Path) -> None:
        """path: the file of the log."""
        self.path = path = followed(path)
        self.views_path = path.with_name(f"{path.stem}.views{path.suffix}")

    @property
    def url(self) -> str:
        """Say where."""
        return f"sqlite:///{self.path}"

    def is_made(self) -> bool:
        """Tell whether the file of the log is there; who opens it hears why it cannot be seen."""
        try:
            os.stat(self.path)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def create(self, *, role: str | None = None, reader: str | None = None) -> None:
        """Make the file, unless it is there."""
        without_roles(role, reader)
        self.open_log().recorder.close()

    def sql(self, *, role: str | None = None, reader: str | None = None) -> Iterator[str]:
        """Give the statements that make the log."""
        from airbook.eventlog.sqlite.schema import statements

        without_roles(role, reader)
        return statements()

    def describe(self, log: Log) -> tuple[str, int]:  # noqa: ARG002 -- files tell
        """Name the database with its version, and tell how many bytes the store takes."""
        import sqlite3

        files = self.path.parent.glob(f"{self.path.stem}.*")
        size = sum(file.stat().st_size for file in files if file.is_file())
        return f"SQLite {sqlite3.sqlite_version}", size

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log; its file is made if it is not there yet."""
        from airbook.eventlog.sqlite.recorder import SQLiteLog

        return Log(SQLiteLog(self.path), codec)

    def open_views(self, log: Log) -> Views:
        """Open the views of a log; their file is made if it is not there yet."""
        from airbook.projections.sqlite import FileDatabase
        from airbook.projections.store import Views

        return Views(FileDatabase(self.views_path), log)

    def discard_views(self) -> None:
        """Take a damaged file away; the log has it all."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.views_path}{suffix}").unlink(missing_ok=True)

    def lease(self, name: str = LEASE) -> Lease:
        """Give the lease of that name, for a daemon to take."""
        return FileLease(self.path.with_name(f"{self.path.name}.{name}"))

    def heartbeats(self, log: Log) -> Mapping[str, Heartbeat]:  # noqa: ARG002 -- they are beside it
        """Read the heartbeats of daemons that run, by the lease they hold."""
        prefix = f"{self.path.name}."
        found = {
            name.removeprefix(prefix): alive(self.path.with_name(name))
            for name in names_in(self.path.parent)
            if name.startswith(prefix + LEASE) and name != prefix + WISH
        }
        return {name: heartbeat for name, heartbeat in found.items() if heartbeat}

    def exposed(self) -> Mapping[Path, int]:
        """List files that others than their owner can open, with their modes."""
        files = {self.path, *self.path.parent.glob(f"{self.path.stem}.*")}
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in files if path.is_file()}
        return {path: mode for path, mode in sorted(modes.items()) if mode & 0o077}


class PostgresStore:
    """One database of a PostgreSQL server, for every process on every machine."""

    def __init__(self, url: str, *, unsafe: bool = False) -> None:
        """url: postgresql://…, as libpq reads it. unsafe: accept one that may lose events."""
        self.secret = url
        self.unsafe = unsafe
        self._session: Session | None = None

    @cached_property
    def server(self) -> Server:
        """Load what speaks to the server. Raises SettingError if it is not installed."""
        try:
            from airbook.eventlog.postgres.connection import Server
        except ImportError as error:
            sentence = mark("PostgreSQL needs one more package: pip install 'airbook[postgres]'")
            raise SettingError(sentence) from error
        return Server(self.secret, unsafe=self.unsafe)

    @property
    def url(self) -> str:
        """Say where, without a password."""
        return without_password(self.secret)

    def is_made(self) -> bool:
        """Leave it to the server to say, when it is asked for something."""
        return True

    def create(self, *, role: str | None = None, reader: str | None = None) -> None:
        """Make tables, triggers and grants, as the role the URL names, which will own them."""
        server = self.server
        from airbook.eventlog.postgres.schema import create

        create(server, role=role, reader=reader)

    def sql(self, *, role: str | None = None, reader: str | None = None) -> Iterator[str]:
        """Give the statements that make the log, for whoever may execute them."""
        self.server  # noqa: B018 -- says so where it is not installed
        from airbook.eventlog.postgres.schema import statements

        return statements(role, reader)

    def describe(self, log: Log) -> tuple[str, int]:
        """Name the database with its version, and tell how many bytes the store takes."""
        return cast("PostgresLog", log.recorder).describe()

    def open_log(self, codec: Codec = CODEC) -> Log:
        """Open the log."""
        server = self.server
        from airbook.eventlog.postgres.recorder import PostgresLog

        return Log(PostgresLog(server), codec)

    def open_views(self, log: Log) -> Views:
        """Open the views of a log; their tables are made if they are not there yet."""
        from airbook.projections.postgres import ServerDatabase
        from airbook.projections.store import Views

        return Views(ServerDatabase(self.server), log)

    def discard_views(self) -> None:
        """Take damaged tables away; the log has it all."""
        from airbook.projections.postgres import discard

        discard(self.server)

    def lease(self, name: str = LEASE) -> Lease:
        """Give the lease of that name, for a daemon to take; one connection holds them all."""
        server = self.server
        from airbook.eventlog.postgres.lease import Session, SessionLease

        self._session = self._session or Session(server)
        return SessionLease(self._session, name)

    def heartbeats(self, log: Log) -> Mapping[str, Heartbeat]:
        """Read the heartbeats of daemons that run, by the lease they hold."""
        from airbook.eventlog.postgres import lease as session_lease

        return cast("PostgresLog", log.recorder).lend(session_lease.alive)

    def exposed(self) -> Mapping[Path, int]:
        """List no file: all is on the server."""
        return {}


def without_roles(*roles: str | None) -> None:
    """Refuse roles. Raises SettingError."""
    if any(roles):
        raise SettingError(mark("A file has no roles: whoever can write it may do everything."))


def names_in(folder: Path) -> list[str]:
    """List what is in a folder; nothing if it cannot be read."""
    try:
        return os.listdir(folder)  # noqa: PTH208 -- each command pays for this
    except OSError:
        return []


def followed(path: Path) -> Path:
    """Follow links to where SQLite keeps its files, if they lead anywhere."""
    try:
        real = os.path.realpath(path)
    except OSError:  # the folder we are in is gone
        return path
    return Path(real) if os.path.exists(real) else path  # noqa: PTH110 -- Path's raises without a right
