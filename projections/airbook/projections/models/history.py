"""The history: every event of each reservation, also those in the stream of its airplane."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct

from airbook.eventlog.records import RecordedEvent
from airbook.projections.temporal import ReadModel, rows_of, temporal_table


class HistoryRow(Struct, frozen=True):
    """One event of the history of a reservation; contents: the data of the event, as JSON."""

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


def reservation_of(recorded: RecordedEvent) -> int | None:
    """Return the number of the reservation that an event of any stream names, or None."""
    if recorded.stream.kind == "reservation":
        return recorded.stream.number
    return getattr(recorded.event, "reservation", None)


def key_of(recorded: RecordedEvent) -> int | None:
    """Return the position of an event that names a reservation: each has a row of its own."""
    return None if reservation_of(recorded) is None else recorded.position


def apply(_: HistoryRow | None, recorded: RecordedEvent) -> HistoryRow:
    """Return the row of an event, which holds the event as the log does."""
    return HistoryRow(
        recorded.position,
        reservation_of(recorded) or 0,
        str(recorded.stream),
        recorded.version,
        recorded.type,
        recorded.at,
        recorded.data.decode(),
    )


READ_MODEL = ReadModel("history", HistoryRow, TABLE, key_of, apply, append_only=True)


def history(
    connection: sql.Connection, reservation: int, *, as_of: int | None = None
) -> list[HistoryRow]:
    """List the events of one reservation in the order of the log.

    reservation: its number. as_of: a log position; None means now.
    """
    query = sql.select(TABLE).where(TABLE.c.reservation == reservation, TABLE.c.until.is_(None))
    if as_of is not None:
        query = query.where(TABLE.c.position <= as_of)
    return rows_of(connection, query.order_by(TABLE.c.position), HistoryRow)
