"""The row of one reservation and the fold that fills it, without loading SQLAlchemy."""

from __future__ import annotations

from msgspec import Struct, structs

from airbook.domain import reservation
from airbook.eventlog.records import RecordedEvent


class ReservationRow(Struct, frozen=True):
    """One reservation.

    customer: the opaque id of the customer. seat: None unless a seat was assigned. reason: None
    unless the reservation was rejected. received_at, decided_at: UTC, ISO 8601 with milliseconds.
    """

    id: int
    airplane: int
    customer: str | None
    status: str
    seat: int | None = None
    reason: str | None = None
    received_at: str | None = None
    decided_at: str | None = None


def apply(row: ReservationRow | None, recorded: RecordedEvent) -> ReservationRow | None:
    """Return the row of a reservation after one event of its stream.

    row: the row before the event, or None. Returns None if the request has not been read.
    """
    match recorded.event, row:
        case reservation.ReservationRequested(airplane, customer), _:
            number = recorded.stream.number
            return ReservationRow(number, airplane, customer, "received", received_at=recorded.at)
        case _, None:
            return None  # the request is unreadable, so the approver has parked the reservation
        case reservation.ReservationApproved(seat=seat), row:
            return structs.replace(row, status="approved", seat=seat, decided_at=recorded.at)
        case reservation.ReservationRejected(reason=reason), row:
            return structs.replace(row, status="rejected", reason=reason, decided_at=recorded.at)
        case reservation.ReservationCancelled(), row:
            return structs.replace(row, status="cancelled")
        case _:
            return row
