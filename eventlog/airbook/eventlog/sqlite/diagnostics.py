"""The state of a SQLite store: its size, its faults, and the running daemons."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence

from airbook.eventlog.lease import Heartbeat, Heartbeats
from airbook.eventlog.sqlite.connection import LogDatastore
from airbook.eventlog.sqlite.errors import FOREIGN_INDEXES
from airbook.eventlog.sqlite.lease import held_heartbeats, strays
from airbook.eventlog.sqlite.schema import TRIGGERS


class SQLiteDiagnostics:
    """Describes the state of the files."""

    def __init__(self, datastore: LogDatastore) -> None:
        self._datastore = datastore
        self._heartbeats = Heartbeats(lambda: held_heartbeats(datastore.path))

    def describe(self) -> tuple[str, int]:
        """Return SQLite's version, and the size of all files of the store in bytes."""
        path = self._datastore.path
        files = path.parent.glob(f"{path.stem}.*")
        size = sum(file.stat().st_size for file in files if file.is_file())
        return f"SQLite {sqlite3.sqlite_version}", size

    def disk(self) -> tuple[int, int]:
        """Return the free bytes of the file system, without those reserved for root, and all."""
        found = os.statvfs(self._datastore.path.parent)
        return found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize

    def complaints(self) -> Sequence[str]:
        """List damaged pages, missing triggers, and foreign triggers and unique indexes.

        Raises StoreError.
        """
        with self._datastore.transaction(commit=False) as c:
            c.execute("PRAGMA integrity_check")
            told = [line for row in c.fetchall() for line in str(row[0]).splitlines()]
            c.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
            triggers = {row[0]: row[1] for row in c.fetchall()}
            c.execute(FOREIGN_INDEXES)
            indexes = [f"the unique index {row[0]} is not airbook's" for row in c.fetchall()]
        damaged = [line for line in told if line != "ok" and not line.startswith("***")]
        missing = [f"no trigger {name}" for name in TRIGGERS if name not in triggers]
        foreign = [
            f"the trigger {name} is not airbook's"
            for name, statement in triggers.items()
            if TRIGGERS.get(name) != statement
        ]
        return [*damaged, *missing, *foreign, *indexes]

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of the running daemons, by the name of the lease they hold."""
        return self._heartbeats.living()

    def strays(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of daemons that hold a lease and work on a file that is gone."""
        return strays(self._datastore.path)

    def check_is_there(self) -> None:
        """Raise StoreError if the file or its write-ahead log was removed or replaced."""
        self._datastore.file.check_is_there()
