"""The reservations: for each, the status, the seat or the reason, and the times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sql

from airbook.eventlog.records import RecordedEvent
from airbook.projections.models.reservation_row import ReservationRow, apply
from airbook.projections.temporal import (
    ReadModel,
    named_by_schema,
    rows_of,
    temporal_table,
    true_at,
)
from airbook.projections.times import Time, milliseconds, time_after

TABLE = named_by_schema(
    temporal_table(
        "reservations",
        sql.Column("id", sql.Integer),
        sql.Column("airplane", sql.Integer, nullable=False),
        sql.Column("customer", sql.String),
        sql.Column("status", sql.String, nullable=False),
        sql.Column("seat", sql.Integer),
        sql.Column("reason", sql.String),
        sql.Column("received_at", Time),
        sql.Column("decided_at", Time),
        indexes=("airplane", "customer", "status", "decided_at"),
        past=("status",),
    ),
    revision=2,
)

SECOND = len("2026-11-22T09:00:00")


def key_of(recorded: RecordedEvent) -> int | None:
    """Return the number of the reservation in whose stream an event is, or None."""
    return recorded.stream.number if recorded.stream.kind == "reservation" else None


READ_MODEL = ReadModel("reservations", ReservationRow, TABLE, key_of, apply)


def reservations(
    connection: sql.Connection,
    *,
    customer: str | None = None,
    airplane: int | None = None,
    status: str | None = None,
    limit: int | None = None,
    as_of: int | None = None,
) -> Sequence[ReservationRow]:
    """List reservations by number.

    customer: an opaque id. airplane: a number. status: one of reservation.STATUSES. limit: how many
    to list at most, of the highest numbers. as_of: a log position; None means now.
    """
    query = matching(as_of, customer=customer, airplane=airplane, status=status)
    rows = rows_of(connection, query.order_by(TABLE.c.id.desc()).limit(limit), ReservationRow)
    return rows[::-1]


def reservations_after(
    connection: sql.Connection,
    number: int,
    limit: int,
    *,
    as_of: int | None = None,
    **values: str | int | None,
) -> list[ReservationRow]:
    """List the reservations after a number, the lowest numbers first, at most `limit`.

    as_of: a log position; None means now. values: of the columns that must have them; None stands
    for any value.
    """
    query = matching(as_of, **values).where(TABLE.c.id > number)
    return rows_of(connection, query.order_by(TABLE.c.id).limit(limit), ReservationRow)


def matching(as_of: int | None, **values: str | int | None) -> sql.Select[Any]:
    """Write the query for the reservations whose columns have some values; None is any value."""
    return sql.select(TABLE).where(
        true_at(TABLE, as_of),
        *(TABLE.c[name] == value for name, value in values.items() if value is not None),
    )


def reservation_row(
    connection: sql.Connection, number: int, *, as_of: int | None = None
) -> ReservationRow | None:
    """Find one reservation; return None if it was not requested.

    number: of the reservation. as_of: a log position; None means now.
    """
    query = sql.select(TABLE).where(TABLE.c.id == number, true_at(TABLE, as_of))
    return next(iter(rows_of(connection, query, ReservationRow)), None)


def decided_by_second(
    connection: sql.Connection, since: str, before: str, *, as_of: int | None = None
) -> Mapping[str, int]:
    """Count decisions by the second in which they were made (2026-11-22T09:00:00).

    since, before: the first time and the time after the last, as `stamp` writes them. as_of: a log
    position; None means now.
    """
    first = milliseconds(f"{since[:SECOND]}Z")
    passed = sql.type_coerce(TABLE.c.decided_at, sql.BigInteger) - first
    second = (passed // 1_000).label("second")
    query = sql.select(second, sql.func.count()).where(
        TABLE.c.decided_at >= since, TABLE.c.decided_at < before, TABLE.c.until.is_(None)
    )
    if as_of is not None:
        # A cancellation keeps decided_at, so a present row may be newer than its decision.
        then = TABLE.alias()
        decided = sql.exists().where(
            then.c.id == TABLE.c.id, true_at(then, as_of), then.c.decided_at.is_not(None)
        )
        query = query.where(sql.or_(TABLE.c.since <= as_of, decided))
    found = connection.execute(query.group_by("second"))
    return {time_after(first + row[0] * 1_000)[:SECOND]: row[1] for row in found}
