"""Stores as airbook made them before each commit left a digest."""

from __future__ import annotations

from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.store import Store
from tests.support.stores import by_hand, execute, path_of

COMMON = (
    "DROP TABLE digests",
    "DROP TABLE actors",
    "ALTER TABLE keys RENAME TO commands",
    "ALTER TABLE parked RENAME COLUMN retry TO again",
)
SQLITE = (
    *(f"DROP TRIGGER events_never_{end}" for end in ("change", "go", "give_way")),
    *COMMON,
    (
        "CREATE TRIGGER facts_never_change BEFORE UPDATE ON stored_events"
        " BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    ),
    (
        "CREATE TRIGGER facts_never_go BEFORE DELETE ON stored_events"
        " BEGIN SELECT RAISE(ABORT, 'events are never removed'); END"
    ),
    (
        "CREATE TRIGGER facts_never_give_way BEFORE INSERT ON stored_events"
        " WHEN EXISTS (SELECT 1 FROM stored_events WHERE rowid = NEW.rowid)"
        " BEGIN SELECT RAISE(ABORT, 'events are never replaced'); END"
    ),
    "PRAGMA user_version = 1",
)
POSTGRES = (
    "DROP TRIGGER events_never_change ON stored_events",
    *COMMON,
    "DROP FUNCTION airbook.events_never_change()",
    (
        "CREATE FUNCTION airbook.facts_never_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'events are never changed or removed'; END $$"
    ),
    (
        "CREATE TRIGGER facts_never_change BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON airbook.stored_events EXECUTE FUNCTION airbook.facts_never_change()"
    ),
    "COMMENT ON SCHEMA airbook IS 'airbook''s log, schema 1'",
)


def make_schema_1(store: Store) -> None:
    """Turn a store that no process has open into one of schema 1."""
    if isinstance(store, PostgresStore):
        for statement in POSTGRES:
            execute(store, statement)
        return
    with by_hand(path_of(store)) as connection:
        for statement in SQLITE:
            connection.execute(statement)


def schema_of(store: Store) -> int:
    """Return the version of the tables of a store."""
    if isinstance(store, PostgresStore):
        query = "SELECT obj_description('airbook'::regnamespace, 'pg_namespace')"
        ((comment,),) = execute(store, query)
        return int(str(comment).rpartition(" ")[2])
    ((version,),) = execute(store, "PRAGMA user_version")
    return int(version)
