"""Airplanes: how many seats each has, how many are taken, waited for and left."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import Event
from airbook.projections.temporal import Remembered, remembering, rows_of, true_at


class AirplaneRow(Struct, frozen=True):
    """One airplane; status is open or closed, None while it is only asked for, not yet created.

    seats, taken and waiting are counted in seats; waiting are requests not yet decided.
    """

    id: int
    name: str | None = None
    seats: int = 0
    taken: int = 0
    waiting: int = 0
    status: str | None = None


TABLE = remembering(
    "airplanes",
    sql.Column("id", sql.Integer),
    sql.Column("name", sql.String),
    sql.Column("seats", sql.Integer, nullable=False),
    sql.Column("taken", sql.Integer, nullable=False),
    sql.Column("waiting", sql.Integer, nullable=False),
    sql.Column("status", sql.String),
)


def concerns(event: Event) -> int | None:
    """Name the airplane a fact tells of."""
    if event.stream.kind == "airplane":
        return event.stream.number
    return getattr(event.fact, "airplane", None)


def change(row: AirplaneRow | None, event: Event) -> AirplaneRow:
    """Fold one fact into the airplane's row."""
    row = row or AirplaneRow(concerns(event) or 0)
    match event.fact:
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
            return structs.replace(row, waiting=row.waiting + 1)
        case reservation.ReservationCancelled(seat=int()):
            return row  # it had been decided before
        case (
            reservation.ReservationApproved()
            | reservation.ReservationRejected()
            | reservation.ReservationCancelled()
        ):
            return structs.replace(row, waiting=row.waiting - 1)
        case _:
            return row


VIEW = Remembered("airplanes", AirplaneRow, TABLE, concerns, change)


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
