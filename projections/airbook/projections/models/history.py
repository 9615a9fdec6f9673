"""History: every event that touched one reservation, its airplane's events about it among them."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct

from airbook.eventlog.records import RecordedEvent
from airbook.projections.temporal import ReadModel, rows_of, temporal_table


class HistoryRow(Struct, frozen=True):
    """One event of a reservation's timeline; contents is the event's JSON."""

    position: int
    reservation: int
    stream: str
    version: int
    type: str
    at: str
    contents: str


TABLE = temporal_table(
    "history",
    sql.Column("position", sql.BigInteger),
    sql.Column("reservation", sql.Integer, nullable=False),
    sql.Column("stream", sql.String, nullable=False),
    sql.Column("version", sql.BigInteger, nullable=False),
    sql.Column("type", sql.String, nullable=False),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("contents", sql.String, nullable=False),
    indexes=("reservation",),
)


def about(recorded: RecordedEvent) -> int | None:
    """Name the reservation an event touched, whichever stream it is in."""
    if recorded.stream.kind == "reservation":
        return recorded.stream.number
    return getattr(recorded.event, "reservation", None)


def key_of(recorded: RecordedEvent) -> int | None:
    """Each event makes a row of its own, named by its position."""
    return None if about(recorded) is None else recorded.position


def apply(_: HistoryRow | None, recorded: RecordedEvent) -> HistoryRow:
    """Write an event down as it stands in the log."""
    return HistoryRow(
        recorded.position,
        about(recorded) or 0,
        str(recorded.stream),
        recorded.version,
        recorded.type,
        recorded.at,
        recorded.data.decode(),
    )


VIEW = ReadModel("history", HistoryRow, TABLE, key_of, apply, grows_only=True)


def history(
    connection: sql.Connection, reservation: int, *, as_of: int | None = None
) -> list[HistoryRow]:
    """List what happened to one reservation, in order, up to a log position; None means now."""
    query = sql.select(TABLE).where(TABLE.c.reservation == reservation, TABLE.c.until.is_(None))
    if as_of is not None:
        query = query.where(TABLE.c.position <= as_of)
    return rows_of(connection, query.order_by(TABLE.c.position), HistoryRow)
