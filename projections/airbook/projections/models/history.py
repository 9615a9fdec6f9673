"""The history: the events of a reservation, most of which its own stream holds."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct

from airbook.domain.decider import RESERVATION
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent, Stream
from airbook.projections.checkpoints import checkpoints
from airbook.projections.temporal import ReadModel, named_by_schema

NAME = "history"


class HistoryRow(Struct, frozen=True):
    """An event that names a reservation and is not in its stream, such as SeatAssigned."""

    position: int
    reservation: int


# The log holds the events themselves, and finds those of a stream without any table.
TABLE = named_by_schema(
    sql.Table(
        NAME,
        sql.MetaData(),
        sql.Column("position", sql.BigInteger),
        sql.Column("reservation", sql.Integer),
        sql.PrimaryKeyConstraint("reservation", "position"),
        sqlite_with_rowid=False,
    )
)


def reservation_of(recorded: RecordedEvent) -> int | None:
    """Return the number of the reservation that an event outside its stream names, or None."""
    if recorded.stream.kind == RESERVATION.kind:
        return None
    return getattr(recorded.event, "reservation", None)


def key_of(recorded: RecordedEvent) -> int | None:
    """Return the position of an event that has a row: each has a row of its own."""
    return None if reservation_of(recorded) is None else recorded.position


def apply(_: HistoryRow | None, recorded: RecordedEvent) -> HistoryRow:
    """Return the row of an event, which leads from the reservation to the event."""
    return HistoryRow(recorded.position, reservation_of(recorded) or 0)


READ_MODEL = ReadModel(NAME, HistoryRow, TABLE, key_of, apply, append_only=True)


def history(
    connection: sql.Connection, log: Log, reservation: int, *, as_of: int | None = None
) -> list[RecordedEvent]:
    """List the events of one reservation in the order of the log.

    log: the log of the views. reservation: its number. as_of: a log position; None means the
    position of the view, because the log may have grown since the transaction began.
    """
    reached = {one.view: one.position for one in checkpoints(connection)}[TABLE.name]
    last = reached if as_of is None else min(as_of, reached)
    query = sql.select(TABLE.c.position).where(
        TABLE.c.reservation == reservation, TABLE.c.position <= last
    )
    positions = connection.execute(query.order_by(TABLE.c.position)).scalars().all()
    own = log.stream(Stream(RESERVATION.kind, reservation))
    events = [*(one for one in own if one.position <= last), *log.at(positions)]
    return sorted(events, key=lambda one: one.position)
