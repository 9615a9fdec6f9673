"""Reservations: what became of each, and why; a customer's own are "my page"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sql

from airbook.eventlog.records import RecordedEvent
from airbook.projections.models.reservation_row import ReservationRow, apply
from airbook.projections.temporal import ReadModel, rows_of, temporal_table, true_at

TABLE = temporal_table(
    "reservations",
    sql.Column("id", sql.Integer),
    sql.Column("airplane", sql.Integer, nullable=False),
    sql.Column("customer", sql.String),
    sql.Column("status", sql.String, nullable=False),
    sql.Column("seat", sql.Integer),
    sql.Column("reason", sql.String),
    sql.Column("received_at", sql.String),
    sql.Column("decided_at", sql.String),
    indexes=("airplane", "customer", "status", "decided_at"),
    past=("status",),
)


def key_of(recorded: RecordedEvent) -> int | None:
    """Name the reservation an event is of."""
    return recorded.stream.number if recorded.stream.kind == "reservation" else None


VIEW = ReadModel("reservations", ReservationRow, TABLE, key_of, apply)


def reservations(
    connection: sql.Connection,
    *,
    customer: str | None = None,
    airplane: int | None = None,
    status: str | None = None,
    limit: int | None = None,
    as_of: int | None = None,
) -> Sequence[ReservationRow]:
    """List reservations by number; with a limit, the newest so many.

    customer: an opaque id. airplane: a number. status: one of reservation.STATUSES. as_of: a log
    position; None means now.
    """
    wanted = {"customer": customer, "airplane": airplane, "status": status}
    query = sql.select(TABLE).where(
        true_at(TABLE, as_of),
        *(TABLE.c[name] == value for name, value in wanted.items() if value is not None),
    )
    rows = rows_of(connection, query.order_by(TABLE.c.id.desc()).limit(limit), ReservationRow)
    return rows[::-1]


def reservation_row(
    connection: sql.Connection, number: int, *, as_of: int | None = None
) -> ReservationRow | None:
    """Find one reservation; None if it had not been requested by then."""
    query = sql.select(TABLE).where(TABLE.c.id == number, true_at(TABLE, as_of))
    return next(iter(rows_of(connection, query, ReservationRow)), None)


def decided_by_second(
    connection: sql.Connection, since: str, before: str, *, as_of: int | None = None
) -> Mapping[str, int]:
    """Count the decisions made between two times, by second (2026-11-22T09:00:00).

    since, before: as `stamp` writes them. as_of: a log position; None means now.
    """
    second = sql.func.substr(TABLE.c.decided_at, 1, 19).label("second")
    query = sql.select(second, sql.func.count()).where(
        TABLE.c.decided_at >= since, TABLE.c.decided_at < before, TABLE.c.until.is_(None)
    )
    if as_of is not None:  # what was decided then is so today, cancelled or not
        then = TABLE.alias()
        decided = sql.exists().where(
            then.c.id == TABLE.c.id, true_at(then, as_of), then.c.decided_at.is_not(None)
        )
        query = query.where(sql.or_(TABLE.c.since <= as_of, decided))
    return {row[0]: row[1] for row in connection.execute(query.group_by("second"))}
