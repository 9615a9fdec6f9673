"""Undo: executing a command, and finding the command that compensates for it."""

from __future__ import annotations

from typing import NamedTuple

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Reservation
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import FINAL, CancelReservation


class ExecutedOrder(NamedTuple):
    """An order that was accepted.

    number: of the airplane or reservation. before: its state before the command; None for a new
    one.
    """

    order: Order
    number: int
    before: Airplane | Reservation | None


def execute(airbook: Airbook, order: Order) -> ExecutedOrder:
    """Execute a command; returns it with the state before. Raises Refused and StoreError."""
    command, number = order.command, order.number
    before: Airplane | Reservation | None = None
    if number is not None:
        is_reservation = isinstance(command, CancelReservation)
        before = (
            outcome.reservation(airbook, number)
            if is_reservation
            else airbook.queries.airplane(number)
        )
    return ExecutedOrder(order, airbook.execute(command, number).number, before)


def compensation(executed: ExecutedOrder) -> Order | None:
    """Find the command that compensates for an executed one; None if it changed nothing.

    Events are never removed: a new airplane is closed, and for a cancelled reservation its customer
    requests another one, which is decided anew.
    """
    match executed.order.command, executed.before:
        case CreateAirplane(), _:
            return Order(CloseAirplane(), executed.number)
        case OpenAirplane(), Airplane(status="closed"):
            return Order(CloseAirplane(), executed.number)
        case CloseAirplane(), Airplane(status="open"):
            return Order(OpenAirplane(), executed.number)
        case ChangeSeats(now), Airplane(seats=before) if now != before:
            return Order(ChangeSeats(before), executed.number)
        case Reserve(), _:
            return Order(CancelReservation(), executed.number)
        case CancelReservation(), Reservation(airplane=airplane, customer=str(customer)):
            return Order(Reserve(airplane, customer))
        case _:
            return None


def is_unchanged(airbook: Airbook, executed: ExecutedOrder) -> bool:
    """Return whether the result of a command still stands, so that undoing it makes sense.

    Raises StoreError.
    """
    number = executed.number
    try:
        match executed.order.command:
            case ChangeSeats(seats):
                return airbook.queries.airplane(number).seats == seats
            case CloseAirplane():
                return airbook.queries.airplane(number).status == "closed"
            case OpenAirplane() | CreateAirplane():
                return airbook.queries.airplane(number).status == "open"
            case CancelReservation():
                return outcome.reservation(airbook, number).status == "cancelled"
            case _:
                return outcome.reservation(airbook, number).status not in FINAL
    except Refused:  # the store was replaced after the command
        return False
