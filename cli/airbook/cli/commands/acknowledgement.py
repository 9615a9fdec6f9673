"""The response to an accepted reservation request."""

from __future__ import annotations

from typing import cast

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Reservation
from airbook.application.text.labels import mark
from airbook.cli.framework.session import Session
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


class StoredReservations:
    """Which reservations a command has stored, to be told if its answer cannot be printed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._count, self._first, self._last = 0, 0, 0

    def add(self, number: int) -> None:
        """Count one more reservation. number: the reservation's."""
        self._count += 1
        self._first = min(self._first or number, number)
        self._last = max(self._last, number)
        if self._count == 1:
            sentence = mark(
                "Reservation {number} is stored, but the answer could not be printed: {error}"
            )
            self._session.note_stored(sentence, f"airbook show {number}", number=number)
            return
        self._session.note_stored(
            mark(
                "{count} reservations are stored ({first} to {last}),"
                " but the answer could not be printed: {error}"
            ),
            "airbook my-page --all",
            count=self._count,
            first=self._first,
            last=self._last,
        )
