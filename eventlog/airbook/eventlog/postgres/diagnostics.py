"""The state of a store on PostgreSQL: its size, its faults, and the running daemons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg import Connection
from psycopg.rows import DictRow

from airbook.eventlog.lease import Heartbeat, Heartbeats
from airbook.eventlog.postgres.errors import INDEXES
from airbook.eventlog.postgres.lease import held_heartbeats
from airbook.eventlog.postgres.pool import LogDatastore
from airbook.eventlog.postgres.schema import NEVER_CHANGE

DESCRIPTION = (
    "SELECT current_setting('server_version'),"
    " coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace::regnamespace::text LIKE 'airbook%%'"
)


TRIGGERS = ("events_never_change", "digests_never_change")


class PostgresDiagnostics:
    """Describes the state of a database."""

    def __init__(self, datastore: LogDatastore) -> None:
        self._datastore = datastore
        self._heartbeats = Heartbeats(lambda: datastore.lend(held_heartbeats))

    def describe(self) -> tuple[str, int]:
        """Return the server's version, and the size of the tables in bytes. Raises StoreError."""
        ((version, size),) = self._datastore.read(DESCRIPTION)
        return f"PostgreSQL {version}", size

    def disk(self) -> None:
        """Return nothing: SQL does not tell how full the disk of the server is."""

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
    """List the faults of triggers, indexes and rights, and gaps between positions."""
    wrong = [*trigger_complaints(connection), *index_complaints(connection)]
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


def trigger_complaints(connection: Connection[DictRow]) -> list[str]:
    """List triggers that are missing or not airbook's, and their function if it was replaced."""
    found = connection.execute(
        "SELECT tgname AS name, tgenabled IN ('O', 'A') AS enabled,"
        " tgrelid = format('airbook.%s', CASE tgname WHEN 'events_never_change'"
        " THEN 'stored_events' ELSE 'digests' END)::regclass AS placed"
        " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relnamespace = 'airbook'::regnamespace AND NOT tgisinternal ORDER BY tgname"
    ).fetchall()
    right = {row["name"] for row in found if row["enabled"] and row["placed"]}
    wrong = [f"no trigger {name}" for name in TRIGGERS if name not in right]
    foreign = [row["name"] for row in found if row["name"] not in TRIGGERS]
    wrong += [f"the trigger {name} is not airbook's" for name in foreign]
    body = connection.execute(
        "SELECT prosrc FROM pg_proc WHERE pronamespace = 'airbook'::regnamespace AND proname = %s",
        ("events_never_change",),
    ).fetchone()
    if body is None or body["prosrc"] != NEVER_CHANGE:
        wrong.append("the function events_never_change is not airbook's")
    return wrong


def index_complaints(connection: Connection[DictRow]) -> list[str]:
    """List unique indexes that are not airbook's: they can forbid what airbook writes."""
    found = connection.execute(
        "SELECT relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE relnamespace = 'airbook'::regnamespace AND indisunique"
        " AND relname <> ALL (%s) ORDER BY relname",
        (list(INDEXES),),
    )
    return [f"the unique index {row['name']} is not airbook's" for row in found]
