"""The airplanes: for each, the seats, the taken seats and the pending requests."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import RecordedEvent
from airbook.projections.indexes import partial_index
from airbook.projections.temporal import (
    ReadModel,
    named_by_schema,
    rows_of,
    temporal_table,
    true_at,
)


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


class SeatCount(Struct, frozen=True):
    """The seats of one airplane, or of several together, whose id is None then."""

    id: int | None
    seats: int
    taken: int


UNNAMED = temporal_table(
    "airplanes",
    sql.Column("id", sql.Integer),
    sql.Column("name", sql.String),
    sql.Column("seats", sql.Integer, nullable=False),
    sql.Column("taken", sql.Integer, nullable=False),
    sql.Column("pending", sql.Integer, nullable=False),
    sql.Column("status", sql.String),
)
partial_index("airplanes_named", "name IS NOT NULL", UNNAMED.c.id, UNNAMED.c.since)
TABLE = named_by_schema(UNNAMED, revision=2)


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


READ_MODEL = ReadModel("airplanes", AirplaneRow, TABLE, key_of, apply)


def airplanes(
    connection: sql.Connection,
    *,
    after: int = 0,
    limit: int | None = None,
    as_of: int | None = None,
) -> list[AirplaneRow]:
    """List airplanes by number.

    after: only those with a higher number. limit: how many at most; None lists all. as_of: a log
    position; None means now.
    """
    query = created(as_of).order_by(TABLE.c.id).limit(limit)
    if after:
        query = query.where(TABLE.c.id > after)
    return rows_of(connection, query, AirplaneRow)


def airplane_row(
    connection: sql.Connection, number: int, *, as_of: int | None = None
) -> AirplaneRow | None:
    """Find one airplane; return None if it was not created.

    number: of the airplane. as_of: a log position; None means now.
    """
    query = created(as_of).where(TABLE.c.id == number)
    return next(iter(rows_of(connection, query, AirplaneRow)), None)


def seat_counts(connection: sql.Connection, most: int) -> list[SeatCount]:
    """Count the seats of airplanes, the open ones first, then by number, and of the rest together.

    most: how many airplanes to count one by one.
    """
    is_present = sql.and_(TABLE.c.until.is_(None), TABLE.c.status.is_not(None))
    order = (TABLE.c.status == "closed", TABLE.c.id)
    each = sql.select(TABLE.c.id, TABLE.c.seats, TABLE.c.taken).where(is_present)
    found = [SeatCount(*row) for row in connection.execute(each.order_by(*order).limit(most))]
    if len(found) == most:
        rest = each.order_by(*order).offset(most).subquery()
        sums = sql.select(sql.func.sum(rest.c.seats), sql.func.sum(rest.c.taken))
        seats, taken = connection.execute(sums).one()
        if seats is not None:
            found.append(SeatCount(None, int(seats), int(taken)))
    return found


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
