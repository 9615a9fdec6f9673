"""History: every fact that touched one reservation, its airplane's facts about it among them."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct

from airbook.eventlog.records import Event
from airbook.projections.temporal import Remembered, remembering, rows_of


class HistoryRow(Struct, frozen=True):
    """One fact of a reservation's timeline; contents is the fact's JSON."""

    position: int
    reservation: int
    stream: str
    version: int
    type: str
    at: str
    contents: str


TABLE = remembering(
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


def about(event: Event) -> int | None:
    """Name the reservation a fact touched, whichever stream it is in."""
    if event.stream.kind == "reservation":
        return event.stream.number
    return getattr(event.fact, "reservation", None)


def concerns(event: Event) -> int | None:
    """Each fact makes a row of its own, named by its position."""
    return None if about(event) is None else event.position


def change(_: HistoryRow | None, event: Event) -> HistoryRow:
    """Write a fact down as it stands in the log."""
    return HistoryRow(
        event.position,
        about(event) or 0,
        str(event.stream),
        event.version,
        event.type,
        event.at,
        event.contents.decode(),
    )


VIEW = Remembered("history", HistoryRow, TABLE, concerns, change, grows_only=True)


def history(
    connection: sql.Connection, reservation: int, *, as_of: int | None = None
) -> list[HistoryRow]:
    """List what happened to one reservation, in order, up to a log position; None means now."""
    query = sql.select(TABLE).where(TABLE.c.reservation == reservation, TABLE.c.until.is_(None))
    if as_of is not None:
        query = query.where(TABLE.c.position <= as_of)
    return rows_of(connection, query.order_by(TABLE.c.position), HistoryRow)
