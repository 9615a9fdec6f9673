"""What is created in the database, by its owner, once: tables, triggers, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import sql

from airbook.eventlog.postgres.connection import MADE, SCHEMA, Server
from airbook.eventlog.postgres.errors import explained

VIEWS = "airbook_views"  # a namespace: all that is in it can be rebuilt
# A role that owns what is in it, for all who work on it. Roles belong to all databases of a server.
VIEWS_ROLE = f"left('{VIEWS}_' || current_database(), 63)"
# For pg_advisory_lock: "AIRB", and what is locked.
CREATING, WRITING, REBUILDING = (0x41495242, 1), (0x41495242, 2), (0x41495242, 3)
LEASE = 0x4149524C  # "AIRL", and a hash of its name

TABLES = (
    "CREATE SCHEMA IF NOT EXISTS airbook",
    f"CREATE SCHEMA IF NOT EXISTS {VIEWS}",
    # The library's own two tables, but for positions: a sequence leaves gaps where a commit failed.
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
        'CREATE TABLE IF NOT EXISTS airbook.commands (key text COLLATE "C" PRIMARY KEY,'
        " contents text NOT NULL, number bigint NOT NULL, position bigint NOT NULL)"
    ),
    (
        'CREATE TABLE IF NOT EXISTS airbook.customers (id text COLLATE "C" PRIMARY KEY,'
        " name text NOT NULL UNIQUE)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS airbook.parked (reservation bigint PRIMARY KEY,"
        " position bigint NOT NULL, error text NOT NULL, at text NOT NULL,"
        " again boolean NOT NULL, dropped boolean NOT NULL)"
    ),
    # A sign of life is worth nothing after a crash.
    (
        "CREATE UNLOGGED TABLE IF NOT EXISTS airbook.heartbeats (lease text PRIMARY KEY,"
        " pid bigint NOT NULL, host text NOT NULL, backend int NOT NULL, at timestamptz NOT NULL)"
    ),
    (
        "CREATE OR REPLACE FUNCTION airbook.facts_never_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'events are never changed or removed'; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER facts_never_change BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON airbook.stored_events EXECUTE FUNCTION airbook.facts_never_change()"
    ),
    f"COMMENT ON SCHEMA airbook IS '{MADE.format(version=SCHEMA).replace(chr(39), chr(39) * 2)}'",
)
MAY = {
    "stored_events": "SELECT, INSERT",
    "notification_tracking": "SELECT, INSERT, UPDATE",
    "identity": "SELECT",
    "numbers": "SELECT, INSERT, UPDATE",
    "commands": "SELECT, INSERT",
    "customers": "SELECT, INSERT",
    "parked": "SELECT, INSERT, UPDATE, DELETE",
    "heartbeats": "SELECT, INSERT, UPDATE, DELETE",
}


def statements(role: str | None, reader: str | None) -> Iterator[str]:
    """Write what must be executed, in order; each may be executed again.

    role: a role that airbook works as; it owns nothing, and may add events but not change them.
    reader: a role that may only look.
    """
    yield from TABLES
    if role:
        yield f"GRANT USAGE ON SCHEMA airbook, {VIEWS} TO {quoted(role)}"
        for table, rights in MAY.items():
            yield f"GRANT {rights} ON airbook.{table} TO {quoted(role)}"
        yield views_role("GRANT %1$I TO %2$I", member=role)
    if reader:
        yield f"GRANT USAGE ON SCHEMA airbook, {VIEWS} TO {quoted(reader)}"
        yield f"GRANT SELECT ON ALL TABLES IN SCHEMA airbook, {VIEWS} TO {quoted(reader)}"
        later = f"ALTER DEFAULT PRIVILEGES{{}} IN SCHEMA {VIEWS} GRANT SELECT ON TABLES TO"
        yield f"{later.format('')} {quoted(reader)}"
        yield views_role(f"{later.format(' FOR ROLE %1$I')} %2$I", member=reader)


def views_role(grant: str, member: str) -> str:
    """Write what makes the role that owns the views, and grants a member something of it.

    grant: a format of PostgreSQL's, for the names of the role and of the member.
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
    """Write the name of a role so that it is nothing else."""
    return sql.Identifier(role).as_string()


def create(server: Server, *, role: str | None = None, reader: str | None = None) -> None:
    """Execute them in one transaction, one process at a time. Raises StoreError."""
    connection = server.connect(made=False)
    with explained(server.url), connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", CREATING)
        for statement in statements(role, reader):
            connection.execute(statement.encode())


def complaints(connection: psycopg.Connection[dict[str, object]]) -> list[str]:
    """List what is not as it was made: events that could be changed, rights that are too many."""
    found = connection.execute(
        "SELECT tgenabled IN ('O', 'A') AS enabled FROM pg_trigger"
        " WHERE tgname = 'facts_never_change' AND tgrelid = 'airbook.stored_events'::regclass"
    ).fetchone()
    told = [] if found and found["enabled"] else ["no trigger facts_never_change"]
    rights = connection.execute(
        "SELECT coalesce(rolname, 'PUBLIC') AS who, privilege_type AS may FROM pg_class,"
        " aclexplode(relacl) AS acl LEFT JOIN pg_roles AS roles ON roles.oid = acl.grantee"
        " WHERE pg_class.oid = 'airbook.stored_events'::regclass AND acl.grantee <> relowner"
        " AND privilege_type NOT IN ('SELECT', 'INSERT') ORDER BY 1, 2"
    ).fetchall()
    told += [f"the role {row['who']} may {row['may']} events" for row in rights]
    damaged = connection.execute(
        "SELECT count(*) AS events, coalesce(max(notification_id), 0) AS head"
        " FROM airbook.stored_events"
    ).fetchone()
    if damaged and damaged["events"] != damaged["head"]:
        told.append(f"{damaged['events']} events up to position {damaged['head']}")
    return told
