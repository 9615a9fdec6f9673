"""What became of one reservation, read from its stream alone, and waiting for it."""

from __future__ import annotations

from typing import cast

from msgspec import structs

from airbook.application.airbook import Airbook
from airbook.application.responses import Parked, Reservation
from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import AIRPLANE, RESERVATION
from airbook.domain.refusal import Refused
from airbook.domain.reservation import (
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
    ReservationState,
)
from airbook.eventlog.log import readable
from airbook.eventlog.records import Stream
from airbook.eventlog.subscription import wait_until


def reservation(airbook: Airbook, number: int, *, events: int | None = None) -> Reservation:
    """Fold one reservation's stream, or its first so many events.

    Raises Refused (no_such_reservation) and UnreadableFact.
    """
    found = Reservation(number, 0, None, "")
    for recorded in airbook.log.stream(Stream(RESERVATION.kind, number))[:events]:
        match recorded.event:
            case ReservationRequested(airplane, customer):
                names = airbook.log.registry.customer_names([customer])
                name = names.get(customer)
                found = Reservation(number, airplane, name, "received", received_at=recorded.at)
            case ReservationApproved(seat=seat):
                found = structs.replace(found, status="approved", seat=seat, decided_at=recorded.at)
            case ReservationRejected(reason=reason):
                found = structs.replace(
                    found, status="rejected", reason=reason, decided_at=recorded.at
                )
            case ReservationCancelled():
                found = structs.replace(found, status="cancelled")
            case _:
                list(readable([recorded]))
    if not found.status:
        raise Refused.no_such_reservation().about(number)
    return found


def is_decided(airbook: Airbook, number: int) -> bool:
    """Tell whether a reservation is received no longer."""
    reservation_state = cast(
        "ReservationState", airbook.log.load(Stream(RESERVATION.kind, number))[0]
    )
    return reservation_state.status not in {"missing", "received"}


def is_released(airbook: Airbook, number: int) -> bool:
    """Tell whether a cancelled reservation holds no seat any more."""
    reservation_state = cast(
        "ReservationState", airbook.log.load(Stream(RESERVATION.kind, number))[0]
    )
    airplane_state = cast(
        "AirplaneState", airbook.log.load(Stream(AIRPLANE.kind, reservation_state.airplane))[0]
    )
    return number not in airplane_state.taken


def parked(airbook: Airbook) -> list[Parked]:
    """List the reservations that are put aside."""
    return [
        Parked(
            one.reservation,
            one.position,
            one.error,
            one.at,
            "dropped" if one.dropped else "retrying" if one.retry else "parked",
        )
        for one in airbook.log.registry.parked()
    ]


def wait_decided(airbook: Airbook, number: int, timeout: float) -> bool:
    """Wait for the decision of a reservation; return False if it takes longer than `timeout`.

    timeout: in seconds.
    """
    return wait_until(airbook.log, lambda: is_decided(airbook, number), timeout)


def wait_released(airbook: Airbook, number: int, timeout: float) -> bool:
    """Wait until a cancelled reservation holds no seat; return False after `timeout` seconds."""
    return wait_until(airbook.log, lambda: is_released(airbook, number), timeout)
