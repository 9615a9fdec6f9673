"""The state of a store on PostgreSQL: its size, its faults, and the running daemons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg import Connection
from psycopg.rows import DictRow

from airbook.eventlog.lease import Heartbeat, Heartbeats
from airbook.eventlog.postgres.lease import held_heartbeats
from airbook.eventlog.postgres.pool import LogDatastore

DESCRIPTION = (
    "SELECT current_setting('server_version'),"
    " coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace::regnamespace::text LIKE 'airbook%%'"
)


class PostgresDiagnostics:
    """Describes the state of a database."""

    def __init__(self, datastore: LogDatastore) -> None:
        self._datastore = datastore
        self._heartbeats = Heartbeats(lambda: datastore.lend(held_heartbeats))

    def describe(self) -> tuple[str, int]:
        """Return the server's version, and the size of the tables in bytes. Raises StoreError."""
        ((version, size),) = self._datastore.read(DESCRIPTION)
        return f"PostgreSQL {version}", size

    def complaints(self) -> Sequence[str]:
        """List the faults of the database itself. Raises StoreError."""
        return self._datastore.lend(complaints)

    def heartbeats(self) -> Mapping[str, Heartbeat]:
        """Return the heartbeats of the running daemons, by the name of the lease they hold."""
        return self._heartbeats.living()

    def strays(self) -> Mapping[str, Heartbeat]:
        """Return nothing: a lease belongs to the database that keeps it."""
        return {}

    def check_is_there(self) -> None:
        """Do nothing: a removed database is reported by the server."""


def complaints(connection: Connection[DictRow]) -> list[str]:
    """List a trigger that is missing, rights that are too wide, and gaps between positions."""
    found = connection.execute(
        "SELECT tgenabled IN ('O', 'A') AS enabled FROM pg_trigger"
        " WHERE tgname = 'events_never_change' AND tgrelid = 'airbook.stored_events'::regclass"
    ).fetchone()
    wrong = [] if found and found["enabled"] else ["no trigger events_never_change"]
    rights = connection.execute(
        "SELECT coalesce(rolname, 'PUBLIC') AS who, privilege_type AS may FROM pg_class,"
        " aclexplode(relacl) AS acl LEFT JOIN pg_roles AS roles ON roles.oid = acl.grantee"
        " WHERE pg_class.oid = 'airbook.stored_events'::regclass AND acl.grantee <> relowner"
        " AND privilege_type NOT IN ('SELECT', 'INSERT') ORDER BY 1, 2"
    ).fetchall()
    wrong += [f"the role {row['who']} may {row['may']} events" for row in rights]
    damaged = connection.execute(
        "SELECT count(*) AS events, coalesce(max(notification_id), 0) AS head"
        " FROM airbook.stored_events"
    ).fetchone()
    if damaged and damaged["events"] != damaged["head"]:
        wrong.append(f"{damaged['events']} events up to position {damaged['head']}")
    return wrong
