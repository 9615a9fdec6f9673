"""Giving a command so that it can be taken back, by the command that makes up for it."""

from __future__ import annotations

from typing import NamedTuple

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Reservation
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.refusal import Refused
from airbook.domain.reservation import FINAL, CancelReservation


class Given(NamedTuple):
    """An order that was accepted. number: what it was about. before: that, as it was before."""

    order: Order
    number: int
    before: Airplane | Reservation | None


def give(airbook: Airbook, order: Order) -> Given:
    """Give a command, and remember what it changes. Raises Refused and StoreError."""
    command, number = order.command, order.number
    before: Airplane | Reservation | None = None
    if number is not None:
        is_reservation = isinstance(command, CancelReservation)
        before = (
            outcome.reservation(airbook, number)
            if is_reservation
            else airbook.queries.airplane(number)
        )
    return Given(order, airbook.execute(command, number).number, before)


def compensation(given: Given) -> Order | None:
    """Name the command that makes up for one that was given; None if nothing need be made up for.

    Nothing is unmade: an airplane that was added is closed, a reservation that was cancelled is
    requested once more and decided anew.
    """
    match given.order.command, given.before:
        case CreateAirplane(), _:
            return Order(CloseAirplane(), given.number)
        case OpenAirplane(), Airplane(status="closed"):
            return Order(CloseAirplane(), given.number)
        case CloseAirplane(), Airplane(status="open"):
            return Order(OpenAirplane(), given.number)
        case ChangeSeats(now), Airplane(seats=before) if now != before:
            return Order(ChangeSeats(before), given.number)
        case Reserve(), _:
            return Order(CancelReservation(), given.number)
        case CancelReservation(), Reservation(airplane=airplane, customer=str(customer)):
            return Order(Reserve(airplane, customer))
        case _:
            return None


def stands(airbook: Airbook, given: Given) -> bool:
    """Tell whether all still is what a command has made of it. Raises StoreError."""
    number = given.number
    try:
        match given.order.command:
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
    except Refused:  # another store has taken its place
        return False
