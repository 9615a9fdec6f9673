"""Empty logs in memory, and empty stores in files and in databases of a real server."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from uuid import uuid4

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.eventlog.log import Log
from airbook.eventlog.memory.recorder import MemoryRecorder
from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.support.postgres_server import Server
from tests.support.stores import execute, open_log, path_of


class FreshLogs(Protocol):
    """A source of empty logs."""

    def log(self) -> AbstractContextManager[Log]:
        """Open an empty log."""
        ...


class Fresh(FreshLogs, Protocol):
    """A source of empty stores."""

    def store(self) -> AbstractContextManager[Store]:
        """Create a store whose log is empty."""
        ...

    def copy(self, store: Store) -> AbstractContextManager[Store]:
        """Copy a store that no process has open, as a backup does."""
        ...


class Memory:
    """Opens each log in memory."""

    @contextmanager
    def log(self) -> Generator[Log]:
        with closing(Log(MemoryRecorder())) as log:
            yield log


class Files:
    """Creates each store in a folder of its own, which does not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def log(self) -> Generator[Log]:
        with self.store() as store, open_log(store) as log:
            yield log

    @contextmanager
    def store(self) -> Generator[SQLiteStore]:
        with TemporaryDirectory(dir=self._folder) as folder:
            yield SQLiteStore(Path(folder, "home", "airbook.db"))

    @contextmanager
    def copy(self, store: Store) -> Generator[SQLiteStore]:
        with self.store() as copy:
            copy.path.parent.mkdir()
            shutil.copy(path_of(store), copy.path)
            yield copy


class Databases:
    """Creates each store in a database of its own, prepared by its owner."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def log(self) -> Generator[Log]:
        with self.store() as store, open_log(store) as log:
            yield log

    @contextmanager
    def store(self) -> Generator[PostgresStore]:
        with self.copy(self._template) as store:
            execute(store, "UPDATE identity SET id = ?", uuid4().hex)  # as every log has its own
            yield store

    @contextmanager
    def copy(self, store: Store) -> Generator[PostgresStore]:
        assert isinstance(store, PostgresStore)
        with self._drop_afterwards(self._server.create_database(store.secret_url)) as copy:
            yield copy

    @cached_property
    def _template(self) -> PostgresStore:
        """Create the store that all others are copies of: its tables take longer than a copy."""
        url = self._server.create_database()
        schema.create(Place(url))
        return PostgresStore(url)

    @contextmanager
    def _drop_afterwards(self, url: str) -> Generator[PostgresStore]:
        try:
            yield PostgresStore(url)
        finally:
            self._server.drop_database(url)
