"""The state of a SQLite store: its size, its faults, and the running daemons."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence

from airbook.eventlog.lease import Heartbeat, Heartbeats
from airbook.eventlog.sqlite.connection import LogDatastore, is_replaced
from airbook.eventlog.sqlite.lease import held_heartbeats
from airbook.eventlog.sqlite.schema import TRIGGERS


class SQLiteDiagnostics:
    """Describes the state of the files."""

    def __init__(self, datastore: LogDatastore, opened: os.stat_result) -> None:
        """opened: the file as it was when it was opened."""
        self._datastore = datastore
        self._opened = opened
        self._heartbeats = Heartbeats(lambda: held_heartbeats(datastore.path))

    def describe(self) -> tuple[str, int]:
        """Return SQLite's version, and the size of all files of the store in bytes."""
        path = self._datastore.path
        files = path.parent.glob(f"{path.stem}.*")
        size = sum(file.stat().st_size for file in files if file.is_file())
        return f"SQLite {sqlite3.sqlite_version}", size

    def complaints(self) -> Sequence[str]:
        """List damaged pages, and triggers that are missing. Raises StoreError."""
        with self._datastore.transaction(commit=False) as c:
            c.execute("PRAGMA integrity_check")
            told = [line for row in c.fetchall() for line in str(row[0]).splitlines()]
            c.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            triggers = {row[0] for row in c.fetchall()}
        damaged = [line for line in told if line != "ok" and not line.startswith("***")]
        return [*damaged, *(f"no trigger {name}" for name in TRIGGERS if name not in triggers)]

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of the running daemons, by the name of the lease they hold."""
        return self._heartbeats.living()

    def is_gone(self) -> bool:
        """Return whether the file was removed or replaced."""
        return is_replaced(self._datastore.path, self._opened)
