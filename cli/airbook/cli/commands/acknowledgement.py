"""The response to an accepted reservation request."""

from __future__ import annotations

from airbook.application import outcome
from airbook.application.airbook import Airbook, Request
from airbook.application.responses import Reservation
from airbook.eventlog.codec import stamp
from airbook.eventlog.records import Receipt


def acknowledged(airbook: Airbook, request: Request, receipt: Receipt) -> Reservation:
    """Return the reservation that a request has made, without reading the store.

    A repeated request returns the present state of the reservation, which is read.
    """
    if receipt.repeated:
        return outcome.reservation(airbook, receipt.number)
    at = stamp(request.at or airbook.clock())
    return Reservation(
        receipt.number, request.airplane, request.customer, "received", received_at=at
    )
