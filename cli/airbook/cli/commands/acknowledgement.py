"""The response to an accepted reservation request."""

from __future__ import annotations

from typing import cast

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Reservation
from airbook.eventlog.codec import stamp
from airbook.eventlog.records import Receipt


def acknowledged(airbook: Airbook, order: Order, receipt: Receipt) -> Reservation:
    """Return the reservation of an accepted request.

    order: of a Reserve command. Only for a repeated request is the reservation read from the store.
    """
    if receipt.repeated:
        return outcome.reservation(airbook, receipt.number)
    reserve = cast("Reserve", order.command)
    at = stamp(order.at or airbook.clock())
    return Reservation(
        receipt.number, reserve.airplane, reserve.customer, "received", received_at=at
    )
