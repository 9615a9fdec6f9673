"""Airplanes: how many seats each has, how many are taken, waited for and left."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import RecordedEvent
from airbook.projections.temporal import ReadModel, rows_of, temporal_table, true_at


class AirplaneRow(Struct, frozen=True):
    """One airplane; status is open or closed, None while it is only asked for, not yet created.

    seats, taken and pending are counted in seats; pending are requests not yet decided.
    """

    id: int
    name: str | None = None
    seats: int = 0
    taken: int = 0
    pending: int = 0
    status: str | None = None


TABLE = temporal_table(
    "airplanes",
    sql.Column("id", sql.Integer),
    sql.Column("name", sql.String),
    sql.Column("seats", sql.Integer, nullable=False),
    sql.Column("taken", sql.Integer, nullable=False),
    sql.Column("pending", sql.Integer, nullable=False),
    sql.Column("status", sql.String),
)


def key_of(recorded: RecordedEvent) -> int | None:
    """Name the airplane an event tells of."""
    if recorded.stream.kind == "airplane":
        return recorded.stream.number
    return getattr(recorded.event, "airplane", None)


def apply(row: AirplaneRow | None, recorded: RecordedEvent) -> AirplaneRow:
    """Fold one event into the airplane's row."""
    row = row or AirplaneRow(key_of(recorded) or 0)
    match recorded.event:
        case airplane.AirplaneCreated(seats, name):
            return structs.replace(row, seats=seats, name=name, status="open")
        case airplane.SeatsChanged(seats):
            return structs.replace(row, seats=seats)
        case airplane.AirplaneClosed():
            return structs.replace(row, status="closed")
        case airplane.AirplaneOpened():
            return structs.replace(row, status="open")
        case airplane.SeatAssigned():
            return structs.replace(row, taken=row.taken + 1)
        case airplane.SeatReleased():
            return structs.replace(row, taken=row.taken - 1)
        case reservation.ReservationRequested():
            return structs.replace(row, pending=row.pending + 1)
        case reservation.ReservationCancelled(seat=int()):
            return row  # it had been decided before
        case (
            reservation.ReservationApproved()
            | reservation.ReservationRejected()
            | reservation.ReservationCancelled()
        ):
            return structs.replace(row, pending=row.pending - 1)
        case _:
            return row


VIEW = ReadModel("airplanes", AirplaneRow, TABLE, key_of, apply)


def airplanes(connection: sql.Connection, *, as_of: int | None = None) -> list[AirplaneRow]:
    """List all airplanes by number. as_of: a log position; None means now."""
    query = sql.select(TABLE).where(true_at(TABLE, as_of), TABLE.c.status.is_not(None))
    return rows_of(connection, query.order_by(TABLE.c.id), AirplaneRow)


def airplane_row(
    connection: sql.Connection, number: int, *, as_of: int | None = None
) -> AirplaneRow | None:
    """Find one airplane; None if it had not been created by then."""
    query = sql.select(TABLE).where(
        TABLE.c.id == number, true_at(TABLE, as_of), TABLE.c.status.is_not(None)
    )
    return next(iter(rows_of(connection, query, AirplaneRow)), None)
