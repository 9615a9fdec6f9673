"""Totals: how many airplanes there are, how many reservations in each status, and why rejected."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import RecordedEvent
from airbook.projections.temporal import ReadModel, rows_of, temporal_table

ONLY = 1


class TotalsRow(Struct, frozen=True):
    """Counts; there is one row. The four statuses add up to all reservations ever requested.

    The rejected are counted by reason too. newest: the highest number of a reservation.
    """

    id: int = ONLY
    airplanes: int = 0
    received: int = 0
    approved: int = 0
    rejected: int = 0
    cancelled: int = 0
    no_seats_left: int = 0
    no_such_airplane: int = 0
    airplane_closed: int = 0
    newest: int = 0


TABLE = temporal_table(
    "totals", *(sql.Column(name, sql.Integer) for name in TotalsRow.__struct_fields__)
)

COUNTED = (
    airplane.AirplaneCreated,
    reservation.ReservationRequested,
    reservation.ReservationApproved,
    reservation.ReservationRejected,
    reservation.ReservationCancelled,
)


def key_of(recorded: RecordedEvent) -> int | None:
    """Name the one row, if the event changes a count."""
    return ONLY if isinstance(recorded.event, COUNTED) else None


def apply(row: TotalsRow | None, recorded: RecordedEvent) -> TotalsRow:
    """Move one reservation from a status to the next, or count an airplane."""
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


VIEW = ReadModel("totals", TotalsRow, TABLE, key_of, apply)


def totals(connection: sql.Connection, *, as_of: int | None = None) -> TotalsRow:
    """Count everything as of a log position; None means now."""
    query = sql.select(TABLE)
    if as_of is None:
        query = query.where(TABLE.c.until.is_(None))
    else:  # the one row has always been there since: no need to look at each of its past
        query = query.where(TABLE.c.id == ONLY, TABLE.c.since <= as_of)
        query = query.order_by(TABLE.c.since.desc()).limit(1)
    return next(iter(rows_of(connection, query, TotalsRow)), TotalsRow())
