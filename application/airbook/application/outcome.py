"""What became of one reservation, read from its stream alone, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from msgspec import structs

from airbook.application.airbook import Airbook
from airbook.application.responses import Parked, Reservation
from airbook.domain.airplane import Cabin
from airbook.domain.decider import AIRPLANE, RESERVATION, Stream
from airbook.domain.refusal import Refused
from airbook.domain.reservation import (
    Booking,
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.log import readable
from airbook.eventlog.subscription import LOOK_AGAIN_SECONDS


def reservation(book: Airbook, number: int, *, facts: int | None = None) -> Reservation:
    """Fold one reservation's stream, or its first so many facts.

    Raises Refused (no_such_reservation) and UnreadableFact.
    """
    found = Reservation(number, 0, None, "")
    for event in book.log.stream(Stream(RESERVATION.kind, number))[:facts]:
        match event.fact:
            case ReservationRequested(airplane, customer):
                names = book.log.recorder.customer_names([customer])
                name = names.get(customer)
                found = Reservation(number, airplane, name, "received", received_at=event.at)
            case ReservationApproved(seat=seat):
                found = structs.replace(found, status="approved", seat=seat, decided_at=event.at)
            case ReservationRejected(reason=reason):
                found = structs.replace(
                    found, status="rejected", reason=reason, decided_at=event.at
                )
            case ReservationCancelled():
                found = structs.replace(found, status="cancelled")
            case _:
                list(readable([event]))
    if not found.status:
        raise Refused.no_such_reservation().about(number)
    return found


def is_decided(book: Airbook, number: int) -> bool:
    """Tell whether a reservation is received no longer."""
    booking = cast("Booking", book.log.load(Stream(RESERVATION.kind, number))[0])
    return booking.status not in (None, "received")


def is_released(book: Airbook, number: int) -> bool:
    """Tell whether a cancelled reservation holds no seat any more."""
    booking = cast("Booking", book.log.load(Stream(RESERVATION.kind, number))[0])
    cabin = cast("Cabin", book.log.load(Stream(AIRPLANE.kind, booking.airplane))[0])
    return number not in cabin.taken


def parked(book: Airbook) -> list[Parked]:
    """List the reservations that are put aside."""
    return [
        Parked(
            one.reservation,
            one.position,
            one.error,
            one.at,
            "dropped" if one.dropped else "retrying" if one.again else "parked",
        )
        for one in book.log.recorder.parked()
    ]


def wait_until(book: Airbook, seconds: float, settled: Callable[[], bool]) -> bool:
    """Wait for something in the log to come true; False if it has not after that many seconds."""
    deadline = time.monotonic() + seconds
    with book.log.recorder.listener() as listener:
        while not settled():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            listener.wait(min(left, LOOK_AGAIN_SECONDS))
    return True
