"""What became of one reservation, read from its stream alone, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from msgspec import structs

from airbook.application.airbook import Airbook
from airbook.application.responses import Parked, Reservation
from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import AIRPLANE, RESERVATION, Stream
from airbook.domain.refusal import Refused
from airbook.domain.reservation import ReservationState
from airbook.eventlog.log import readable
from airbook.eventlog.subscription import LOOK_AGAIN_SECONDS


def reservation(airbook: Airbook, number: int, *, events: int | None = None) -> Reservation:
    """Return one reservation, folded from its stream or from the first events of the stream.

    number: the number of the reservation. events: how many events to fold; None folds all. Raises
    Refused (no_such_reservation), UnreadableStream and StoreError.
    """
    # Imported here because `airbook reserve` without --wait needs no read model.
    from airbook.projections.models.reservation_row import ReservationRow, apply

    recorded_events = airbook.log.stream(Stream(RESERVATION.kind, number))[:events]
    list(readable(recorded_events))
    row: ReservationRow | None = None
    for recorded in recorded_events:
        row = apply(row, recorded)
    if row is None:
        raise Refused.no_such_reservation().about(number)
    customer = row.customer or ""
    names = airbook.log.recorder.customer_names([customer])
    return Reservation(**structs.asdict(structs.replace(row, customer=names.get(customer))))


def is_decided(airbook: Airbook, number: int) -> bool:
    """Tell whether a reservation is received no longer."""
    reservation_state = cast(
        "ReservationState", airbook.log.load(Stream(RESERVATION.kind, number))[0]
    )
    return reservation_state.status not in (None, "received")


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
            "dropped" if one.dropped else "retrying" if one.again else "parked",
        )
        for one in airbook.log.recorder.parked()
    ]


def wait_until(airbook: Airbook, seconds: float, settled: Callable[[], bool]) -> bool:
    """Wait for something in the log to come true; False if it has not after that many seconds."""
    deadline = time.monotonic() + seconds
    with airbook.log.recorder.listener() as listener:
        while not settled():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            listener.wait(min(left, LOOK_AGAIN_SECONDS))
    return True
