"""Stores that nobody has used yet: files, and databases of a real server."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.eventlog.postgres import schema
from airbook.eventlog.postgres.connection import Server as Place
from tests.support.postgres_server import Server, name_of
from tests.support.stores import path_of


class Fresh(Protocol):
    """Where stores come from."""

    def store(self) -> AbstractContextManager[Store]:
        """Lend a store whose log is empty."""
        ...

    def copy(self, store: Store) -> AbstractContextManager[Store]:
        """Lend a copy of a store that nobody has open: a backup."""
        ...


class Files:
    """Each store in a folder of its own, which is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
    """Each store in a database of its own, prepared by its owner."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def store(self) -> Generator[PostgresStore]:
        with self._lend(self._server.create_database()) as store:
            schema.create(Place(store.secret_url))
            yield store

    @contextmanager
    def copy(self, store: Store) -> Generator[PostgresStore]:
        assert isinstance(store, PostgresStore)
        copy = f"{name_of(store.secret_url)}_copy"
        self._server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name_of(store.secret_url)}"')
        with self._lend(self._server.url(copy)) as backup:
            yield backup

    @contextmanager
    def _lend(self, url: str) -> Generator[PostgresStore]:
        try:
            yield PostgresStore(url)
        finally:
            self._server.drop_database(url)
