"""The statements of a commit on PostgreSQL."""

from __future__ import annotations

from typing import LiteralString

from airbook.eventlog.postgres.schema import WRITING

# Whoever writes holds this lock to the end of the transaction: positions are in commit order.
LOCK = b"SELECT pg_advisory_xact_lock(%d, %d)" % WRITING
HEADS = (
    "SELECT '', coalesce(max(notification_id), 0), pg_current_xact_id()::text"
    " FROM airbook.stored_events UNION ALL SELECT kind, last, NULL FROM airbook.numbers"
)
COMMANDS = "SELECT key, contents, number, position FROM airbook.commands WHERE key = ANY(%s)"
VERSIONS = (
    "SELECT stream, (SELECT max(originator_version) FROM airbook.stored_events"
    " WHERE originator_id = stream) FROM unnest(%s::text[]) AS stream"
)
CUSTOMERS = "SELECT name, id FROM airbook.customers WHERE name = ANY(%s)"
TRACKED = (
    "SELECT application_name, notification_id FROM airbook.notification_tracking"
    " WHERE application_name = ANY(%s)"
)
EVENTS = (
    "INSERT INTO airbook.stored_events"
    " (notification_id, originator_id, originator_version, topic, state) SELECT * FROM"
    " unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %b::bytea[])"
)
BESIDE: dict[str, LiteralString] = {
    "numbers": (
        "INSERT INTO airbook.numbers VALUES (%s, %s)"
        " ON CONFLICT (kind) DO UPDATE SET last = greatest(numbers.last, excluded.last)"
    ),
    "commands": "INSERT INTO airbook.commands VALUES (%s, %s, %s, %s)",
    "customers": "INSERT INTO airbook.customers VALUES (%s, %s)",
    "tracked": (
        "INSERT INTO airbook.notification_tracking VALUES (%s, %s) ON CONFLICT (application_name)"
        " DO UPDATE SET notification_id"
        " = greatest(notification_tracking.notification_id, excluded.notification_id)"
    ),
    "parked": (
        "INSERT INTO airbook.parked VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (reservation)"
        " DO UPDATE SET position = excluded.position, error = excluded.error, at = excluded.at,"
        " again = excluded.again, dropped = excluded.dropped"
    ),
    "settled": "DELETE FROM airbook.parked WHERE reservation = %s",
}
TRANSACTION = "SELECT pg_current_xact_id()::text"
# Rows are given as if the log were empty; what is there already is added to each.
APPEND = """
    WITH head AS (
        SELECT coalesce(max(notification_id), 0) AS position FROM airbook.stored_events
    ), given AS (
        INSERT INTO airbook.numbers AS numbers SELECT * FROM unnest(%s::text[], %s::bigint[])
        ON CONFLICT (kind) DO UPDATE SET last = numbers.last + excluded.last
        RETURNING kind, last
    ), added AS (
        INSERT INTO airbook.stored_events
            (notification_id, originator_id, originator_version, topic, state)
        SELECT head.position + new.position, kind || '-' || (last - new.fewer),
            version, topic, state
        FROM head, given JOIN unnest(
            %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %b::bytea[]
        ) AS new (position, kind, fewer, version, topic, state) USING (kind)
    )
    SELECT kind, last, head.position FROM given, head
"""
# Sought among the last of the log, as no index knows who wrote a row.
WRITTEN = """
    SELECT notification_id, originator_id, originator_version, topic, state
    FROM airbook.stored_events
    WHERE xmin = %s::xid8::xid AND notification_id
        > (SELECT max(notification_id) FROM airbook.stored_events) - 100000
    ORDER BY notification_id
"""
