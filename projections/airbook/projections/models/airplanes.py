"""The airplanes: for each, the seats, the taken seats and the pending requests."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import RecordedEvent
from airbook.projections.indexes import partial_index
from airbook.projections.temporal import ReadModel, rows_of, temporal_table, true_at


class AirplaneRow(Struct, frozen=True):
    """One airplane.

    seats, taken: in seats. pending: the number of requests that are received and not decided.
    status: open or closed; None if there are requests for the airplane but it was never created.
    name: in the table only the row of the creation has it, because a thousand rows may follow.
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

partial_index("airplanes_named", "name IS NOT NULL", TABLE.c.id, TABLE.c.since)


def key_of(recorded: RecordedEvent) -> int | None:
    """Return the number of the airplane that an event names, or None."""
    if recorded.stream.kind == "airplane":
        return recorded.stream.number
    return getattr(recorded.event, "airplane", None)


def apply(row: AirplaneRow | None, recorded: RecordedEvent) -> AirplaneRow:
    """Return the row of an airplane after one event. row: the row before the event, or None."""
    row = structs.replace(row, name=None) if row else AirplaneRow(key_of(recorded) or 0)
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
            return row  # the approval before it ended the pending request
        case (
            reservation.ReservationApproved()
            | reservation.ReservationRejected()
            | reservation.ReservationCancelled()
        ):
            return structs.replace(row, pending=row.pending - 1)
        case _:
            return row


READ_MODEL = ReadModel("airplanes", AirplaneRow, TABLE, key_of, apply, revision=2)


def airplanes(connection: sql.Connection, *, as_of: int | None = None) -> list[AirplaneRow]:
    """List all airplanes by number. as_of: a log position; None means now."""
    return rows_of(connection, created(as_of).order_by(TABLE.c.id), AirplaneRow)


def airplane_row(
    connection: sql.Connection, number: int, *, as_of: int | None = None
) -> AirplaneRow | None:
    """Find one airplane; return None if it was not created.

    number: of the airplane. as_of: a log position; None means now.
    """
    query = created(as_of).where(TABLE.c.id == number)
    return next(iter(rows_of(connection, query, AirplaneRow)), None)


def created(as_of: int | None) -> sql.Select[Any]:
    """Write the query for the airplanes that were created, with their names."""
    before = TABLE.alias("named")
    name = sql.select(before.c.name).where(
        before.c.id == TABLE.c.id, before.c.name.is_not(None), before.c.since <= TABLE.c.since
    )
    name = name.order_by(before.c.since.desc()).limit(1)
    columns = {**TABLE.c, "name": name.scalar_subquery().label("name")}
    query = sql.select(*(columns[field] for field in AirplaneRow.__struct_fields__))
    return query.where(true_at(TABLE, as_of), TABLE.c.status.is_not(None))
