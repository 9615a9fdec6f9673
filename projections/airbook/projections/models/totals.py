"""The totals: the number of airplanes, and of reservations by status and by reason."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import RecordedEvent
from airbook.projections.temporal import ReadModel, named_by_schema, rows_of, temporal_table

ONLY_ID = 1


class TotalsRow(Struct, frozen=True):
    """The counts, in the only row of the table.

    received, approved, rejected, cancelled: reservations by status; they add up to all. rejected is
    counted by reason as well. newest: the highest number of a reservation.
    """

    id: int = ONLY_ID
    airplanes: int = 0
    received: int = 0
    approved: int = 0
    rejected: int = 0
    cancelled: int = 0
    no_seats_left: int = 0
    no_such_airplane: int = 0
    airplane_closed: int = 0
    newest: int = 0


TABLE = named_by_schema(
    temporal_table(
        "totals", *(sql.Column(name, sql.Integer) for name in TotalsRow.__struct_fields__)
    ),
    revision=2,
)

COUNTED_EVENTS = (
    airplane.AirplaneCreated,
    reservation.ReservationRequested,
    reservation.ReservationApproved,
    reservation.ReservationRejected,
    reservation.ReservationCancelled,
)


def key_of(recorded: RecordedEvent) -> int | None:
    """Return the key of the only row if an event changes a count, or None."""
    return ONLY_ID if isinstance(recorded.event, COUNTED_EVENTS) else None


def apply(row: TotalsRow | None, recorded: RecordedEvent) -> TotalsRow:
    """Return the counts after one event. row: the counts before the event, or None."""
    row = row or TotalsRow()
    match recorded.event:
        case airplane.AirplaneCreated():
            return structs.replace(row, airplanes=row.airplanes + 1)
        case reservation.ReservationRequested():
            newest = max(row.newest, recorded.stream.number)
            return structs.replace(row, received=row.received + 1, newest=newest)
        case reservation.ReservationApproved():
            return structs.replace(row, received=row.received - 1, approved=row.approved + 1)
        case reservation.ReservationRejected(reason=reason):
            why = {reason: getattr(row, reason) + 1} if reason in reservation.REASONS else {}
            return structs.replace(row, received=row.received - 1, rejected=row.rejected + 1, **why)
        case reservation.ReservationCancelled(seat=None):
            return structs.replace(row, received=row.received - 1, cancelled=row.cancelled + 1)
        case _:
            return structs.replace(row, approved=row.approved - 1, cancelled=row.cancelled + 1)


READ_MODEL = ReadModel("totals", TotalsRow, TABLE, key_of, apply)


def totals(connection: sql.Connection, *, as_of: int | None = None) -> TotalsRow:
    """Return the counts. as_of: a log position; None means now."""
    query = sql.select(TABLE)
    if as_of is None:
        query = query.where(TABLE.c.until.is_(None))
    else:
        # There is one key, so the newest row that began by then is the row that was true then.
        query = query.where(TABLE.c.id == ONLY_ID, TABLE.c.since <= as_of)
        query = query.order_by(TABLE.c.since.desc()).limit(1)
    return next(iter(rows_of(connection, query, TotalsRow)), TotalsRow())
