"""Changing what no program may change: rows of a log, behind the back of its triggers."""

from __future__ import annotations

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from tests.support.stores import by_hand, execute, path_of


def tamper(store: Store, statement: str, *values: object) -> None:
    """Execute a statement on a log whose triggers were removed."""
    if isinstance(store, PostgresStore):
        for table in ("stored_events", "digests"):
            execute(store, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    else:
        with by_hand(path_of(store)) as connection:
            query = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            for (name,) in connection.execute(query).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
    execute(store, statement.replace("{position}", position(store)), *values)


def position(store: Store) -> str:
    """Return the name of the column that holds the position of an event."""
    return "notification_id" if isinstance(store, PostgresStore) else "rowid"
