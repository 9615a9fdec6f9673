"""Undo: executing a command once, and finding the command that compensates for it."""

from __future__ import annotations

from typing import NamedTuple
from uuid import uuid4

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Reservation
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import FINAL, CancelReservation
from airbook.eventlog.errors import StoreError

KEY_PREFIX = "screen-"  # of the idempotency keys, so that an operator can tell where they are from


class ExecutedOrder(NamedTuple):
    """An order that was accepted.

    number: of the airplane or reservation. before: its state before the command; None for a new
    one.
    """

    order: Order
    number: int
    before: Airplane | Reservation | None


class Execution:
    """One order, executed once however often it is attempted, and the state before it.

    key: the idempotency key of all attempts.
    """

    def __init__(self, order: Order) -> None:
        self.order = order
        self.key = f"{KEY_PREFIX}{uuid4().hex}"
        self._before: Airplane | Reservation | None = None
        self._is_in_doubt = False

    def __call__(self, airbook: Airbook) -> ExecutedOrder:
        """Execute the order, unless an earlier attempt was stored.

        Raises Refused and StoreError.
        """
        command, number = self.order.command, self.order.number
        if not self._is_in_doubt:
            self._before = state_before(airbook, self.order)
        try:
            receipt = airbook.execute(command, number, key=self.key)
        except StoreError as error:
            self._is_in_doubt |= error.code == "store_uncertain"
            raise
        return ExecutedOrder(self.order, receipt.number, self._before)


def state_before(airbook: Airbook, order: Order) -> Airplane | Reservation | None:
    """Return the airplane or the reservation that an order would change; None for a new one.

    Raises Refused and StoreError.
    """
    if order.number is None:
        return None
    if isinstance(order.command, CancelReservation):
        return outcome.reservation(airbook, order.number)
    return airbook.queries.airplane(order.number)


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
