"""The outcome of one reservation, read from the log without the views, and waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from msgspec import structs

from airbook.application.airbook import Airbook
from airbook.application.responses import Parked, Reservation
from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import AIRPLANE, RESERVATION
from airbook.domain.refusal import Refused
from airbook.domain.reservation import ReservationState
from airbook.eventlog.log import readable
from airbook.eventlog.records import Stream
from airbook.eventlog.subscription import wait_until


def reservation(airbook: Airbook, number: int, *, events: int | None = None) -> Reservation:
    """Return one reservation, folded from its stream or from the first events of the stream.

    number: the number of the reservation. events: how many events to fold; None folds all. Raises
    Refused (no_such_reservation), UnreadableStream and StoreError.
    """
    # Imported here because `airbook reserve` without --wait needs no read model.
    from airbook.projections.models.reservation_row import ReservationRow, apply

    recorded_events = airbook.log.stream(Stream(RESERVATION.kind, number))[:events]
    list(readable(recorded_events))  # raises UnreadableStream
    row: ReservationRow | None = None
    for recorded in recorded_events:
        row = apply(row, recorded)
    if row is None:
        raise Refused.no_such_reservation().about(number)
    customer = row.customer or ""
    names = airbook.log.registry.customer_names([customer])
    return Reservation(**structs.asdict(structs.replace(row, customer=names.get(customer))))


def is_decided(airbook: Airbook, number: int) -> bool:
    """Return whether a reservation is approved, rejected or cancelled."""
    return _state(airbook, number).status not in {"missing", "received"}


def is_released(airbook: Airbook, number: int) -> bool:
    """Return whether a cancelled reservation holds no seat any more."""
    airplane = _state(airbook, number).airplane
    airplane_state = cast("AirplaneState", airbook.log.load(Stream(AIRPLANE.kind, airplane))[0])
    return number not in airplane_state.taken


def parked(airbook: Airbook) -> list[Parked]:
    """List the parked reservations, also the dropped ones."""
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

    timeout: in seconds. Raises UnreadableStream and StoreError, also if the store was removed.
    """
    return _wait(airbook, lambda: is_decided(airbook, number), timeout)


def wait_released(airbook: Airbook, number: int, timeout: float) -> bool:
    """Wait until a cancelled reservation holds no seat; return False after `timeout` seconds.

    Raises UnreadableStream and StoreError, also if the store was removed.
    """
    return _wait(airbook, lambda: is_released(airbook, number), timeout)


def _wait(airbook: Airbook, condition: Callable[[], bool], timeout: float) -> bool:
    return wait_until(airbook.log, condition, timeout)


def _state(airbook: Airbook, number: int) -> ReservationState:
    return cast("ReservationState", airbook.log.load(Stream(RESERVATION.kind, number))[0])
