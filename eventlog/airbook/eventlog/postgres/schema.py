"""The tables and triggers of the log on PostgreSQL, and the rights of the roles that use it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from psycopg import sql
from psycopg.rows import DictRow

from airbook.eventlog.errors import StoreError
from airbook.eventlog.postgres.connection import (
    OLDEST_SCHEMA,
    SCHEMA,
    SCHEMA_COMMENT,
    PatientConnection,
    Server,
    version_of,
)
from airbook.eventlog.postgres.errors import translate_errors

VIEWS = "airbook_views"  # a schema whose tables can all be rebuilt
# The role that owns the views. Roles belong to all databases of a server.
VIEWS_ROLE = f"left('{VIEWS}_' || current_database(), 63)"
# The keys of advisory locks: "AIRB", and a number for each thing that is locked.
CREATING, WRITING, REBUILDING = (0x41495242, 1), (0x41495242, 2), (0x41495242, 3)
TURN_SECONDS = 30.0  # several processes may make the log at once, on a busy server
LEASE = 0x4149524C  # "AIRL"; the second key is a hash of the lease's name

NEVER_CHANGE = (
    " BEGIN RAISE EXCEPTION '% are never changed or removed',"
    " replace(TG_TABLE_NAME, 'stored_', ''); END "
)
TABLES = (
    "CREATE SCHEMA IF NOT EXISTS airbook",
    f"CREATE SCHEMA IF NOT EXISTS {VIEWS}",
    # The library's own two tables, without its sequence, which leaves gaps where a commit failed.
    (
        "CREATE TABLE IF NOT EXISTS airbook.stored_events ("
        "originator_id text NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL,"
        " state bytea NOT NULL, notification_id bigint NOT NULL UNIQUE,"
        " PRIMARY KEY (originator_id, originator_version))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS airbook.notification_tracking ("
        "application_name text PRIMARY KEY, notification_id bigint NOT NULL)"
    ),
    "CREATE TABLE IF NOT EXISTS airbook.identity (id text PRIMARY KEY)",
    (
        "INSERT INTO airbook.identity SELECT replace(gen_random_uuid()::text, '-', '')"
        " WHERE NOT EXISTS (SELECT FROM airbook.identity)"
    ),
    "CREATE TABLE IF NOT EXISTS airbook.numbers (kind text PRIMARY KEY, last bigint NOT NULL)",
    (
        'CREATE TABLE IF NOT EXISTS airbook.keys (key text COLLATE "C" PRIMARY KEY,'
        " contents text NOT NULL, number bigint NOT NULL, position bigint NOT NULL)"
    ),
    (
        'CREATE TABLE IF NOT EXISTS airbook.customers (id text COLLATE "C" PRIMARY KEY,'
        " name text NOT NULL UNIQUE)"
    ),
    (
        'CREATE TABLE IF NOT EXISTS airbook.actors (id text COLLATE "C" PRIMARY KEY,'
        " name text NOT NULL UNIQUE)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS airbook.parked (reservation bigint PRIMARY KEY,"
        " position bigint NOT NULL, error text NOT NULL, at text NOT NULL,"
        " retry boolean NOT NULL, dropped boolean NOT NULL)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS airbook.digests (position bigint NOT NULL,"
        " number bigint NOT NULL, registry bytea NOT NULL, digest bytea NOT NULL,"
        " PRIMARY KEY (position, number))"
    ),
    # The tokens of the gateway, of which the log knows nothing.
    (
        "CREATE TABLE IF NOT EXISTS airbook.tokens (id text PRIMARY KEY, subject text NOT NULL,"
        " role text NOT NULL, key bytea NOT NULL, mac bytea NOT NULL, created_at text NOT NULL,"
        " expires_at text, revoked_at text)"
    ),
    # A heartbeat is worth nothing after a crash.
    (
        "CREATE UNLOGGED TABLE IF NOT EXISTS airbook.heartbeats (lease text PRIMARY KEY,"
        " pid bigint NOT NULL, host text NOT NULL, backend int NOT NULL, at timestamptz NOT NULL)"
    ),
    (
        "CREATE OR REPLACE FUNCTION airbook.events_never_change() RETURNS trigger LANGUAGE plpgsql"
        f" AS $${NEVER_CHANGE}$$"
    ),
    (
        "CREATE OR REPLACE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON airbook.stored_events EXECUTE FUNCTION airbook.events_never_change()"
    ),
    (
        "CREATE OR REPLACE TRIGGER digests_never_change BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON airbook.digests EXECUTE FUNCTION airbook.events_never_change()"
    ),
    "COMMENT ON SCHEMA airbook IS "
    + sql.Literal(SCHEMA_COMMENT.format(version=SCHEMA)).as_string(),
)
# Statements cannot compute a digest: only this program brings an older log up to date.
NOT_SCHEMA_1 = (
    "DO $$ BEGIN IF obj_description(to_regnamespace('airbook'), 'pg_namespace') = "
    + sql.Literal(SCHEMA_COMMENT.format(version=OLDEST_SCHEMA)).as_string()
    + " THEN RAISE EXCEPTION 'airbook store init brings this log up to date'; END IF; END $$"
)
RIGHTS = {
    "stored_events": "SELECT, INSERT",
    "notification_tracking": "SELECT, INSERT, UPDATE",
    "identity": "SELECT",
    "numbers": "SELECT, INSERT, UPDATE",
    "keys": "SELECT, INSERT",
    "customers": "SELECT, INSERT",
    "actors": "SELECT, INSERT",
    "digests": "SELECT, INSERT",
    "parked": "SELECT, INSERT, UPDATE, DELETE",
    "tokens": "SELECT, INSERT, UPDATE",
    "heartbeats": "SELECT, INSERT, UPDATE, DELETE",
}


def statements(role: str | None, reader: str | None) -> Iterator[str]:
    """Yield the statements that make a log, in order; each can be executed again.

    role: a role for airbook, which owns nothing and can append events but not change them. reader:
    a role that can only read.
    """
    yield NOT_SCHEMA_1
    yield from TABLES
    if role:
        yield f"GRANT USAGE ON SCHEMA airbook, {VIEWS} TO {quoted(role)}"
        for table, rights in RIGHTS.items():
            yield f"GRANT {rights} ON airbook.{table} TO {quoted(role)}"
        yield views_role("GRANT %1$I TO %2$I", member=role)
    if reader:
        yield f"GRANT USAGE ON SCHEMA airbook, {VIEWS} TO {quoted(reader)}"
        yield f"GRANT SELECT ON ALL TABLES IN SCHEMA airbook, {VIEWS} TO {quoted(reader)}"
        later = f"ALTER DEFAULT PRIVILEGES{{}} IN SCHEMA {VIEWS} GRANT SELECT ON TABLES TO"
        yield f"{later.format('')} {quoted(reader)}"
        yield views_role(f"{later.format(' FOR ROLE %1$I')} %2$I", member=reader)


def views_role(grant: str, member: str) -> str:
    """Write the statement that makes the role that owns the views, and grants it to a member.

    grant: a format string of PostgreSQL for the names of the role and of the member.
    """
    body = f"""DECLARE owner text := {VIEWS_ROLE}; name text; BEGIN
        BEGIN EXECUTE format('CREATE ROLE %I NOLOGIN', owner);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
        EXECUTE format('GRANT %I TO CURRENT_USER', owner);
        EXECUTE format('GRANT CREATE, USAGE ON SCHEMA {VIEWS} TO %I', owner);
        FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
            WHERE schemaname = '{VIEWS}' AND tableowner <> owner
        LOOP EXECUTE format('ALTER TABLE %s OWNER TO %I', name, owner); END LOOP;
        EXECUTE format('{grant}', owner, {sql.Literal(member).as_string()});
    END"""
    return f"DO {sql.Literal(body).as_string()}"


def quoted(role: str) -> str:
    """Quote the name of a role for a statement."""
    return sql.Identifier(role).as_string()


def take_turn(connection: PatientConnection[DictRow], server: Server) -> None:
    """Wait until no other process makes the log, and lock it. Raises StoreError (store_busy)."""
    query = "SELECT pg_try_advisory_xact_lock(%s, %s) AS locked"
    deadline = time.monotonic() + TURN_SECONDS
    while not (connection.execute(query, CREATING).fetchone() or {})["locked"]:
        if time.monotonic() > deadline:
            raise StoreError("store_busy", server.shown)
        time.sleep(0.02)


def create(server: Server, *, role: str | None = None, reader: str | None = None) -> None:
    """Make a log, or bring it up to date, in one transaction, one process at a time.

    Raises StoreError.
    """
    connection = server.connect(needs_tables=False)
    with translate_errors(server.url), connection, connection.transaction():
        take_turn(connection, server)
        upgrade(connection)
        for statement in statements(role, reader):
            connection.execute(statement.encode())


def upgrade(connection: PatientConnection[DictRow]) -> None:
    """Bring the tables of an older airbook up to date."""
    query = "SELECT obj_description(to_regnamespace('airbook'), 'pg_namespace') AS comment"
    if version_of((connection.execute(query).fetchone() or {})["comment"]) == OLDEST_SCHEMA:
        from airbook.eventlog.postgres.upgrade import upgrade_from_1

        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", WRITING)
        upgrade_from_1(connection, TABLES)
