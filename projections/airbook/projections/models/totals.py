"""Totals: how many airplanes there are, how many reservations in each status, and why rejected."""

from __future__ import annotations

import sqlalchemy as sql
from msgspec import Struct, structs

from airbook.domain import airplane, reservation
from airbook.eventlog.records import Event
from airbook.projections.temporal import Remembered, remembering, rows_of

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


TABLE = remembering(
    "totals", *(sql.Column(name, sql.Integer) for name in TotalsRow.__struct_fields__)
)

COUNTED = (
    airplane.AirplaneCreated,
    reservation.ReservationRequested,
    reservation.ReservationApproved,
    reservation.ReservationRejected,
    reservation.ReservationCancelled,
)


def concerns(event: Event) -> int | None:
    """Name the one row, if the fact changes a count."""
    return ONLY if isinstance(event.fact, COUNTED) else None


def change(row: TotalsRow | None, event: Event) -> TotalsRow:
    """Move one reservation from a status to the next, or count an airplane."""
    row = row or TotalsRow()
    match event.fact:
        case airplane.AirplaneCreated():
            return structs.replace(row, airplanes=row.airplanes + 1)
        case reservation.ReservationRequested():
            newest = max(row.newest, event.stream.number)
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


VIEW = Remembered("totals", TotalsRow, TABLE, concerns, change)


def totals(connection: sql.Connection, *, as_of: int | None = None) -> TotalsRow:
    """Count everything as of a log position; None means now."""
    query = sql.select(TABLE)
    if as_of is None:
        query = query.where(TABLE.c.until.is_(None))
    else:  # the one row has always been there since: no need to look at each of its past
        query = query.where(TABLE.c.id == ONLY, TABLE.c.since <= as_of)
        query = query.order_by(TABLE.c.since.desc()).limit(1)
    return next(iter(rows_of(connection, query, TotalsRow)), TotalsRow())
