"""Texts of the commands of a screen: what a command does, asks and has done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len, set_cell_size

from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane, Reservation
from airbook.application.text import terminal
from airbook.application.text.labels import Labels, mark
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.decider import Command
from airbook.domain.reservation import CancelReservation
from airbook.tui.widgets.choosable import Choosable
from airbook.tui.widgets.columns import cut

MOST_CELLS = 28  # of an airplane's name in the list to choose from, and of names in a deed
SEPARATOR = " · "
DEEDS: Mapping[type[Command | Reserve], str] = {
    CreateAirplane: mark("Add the airplane"),
    ChangeSeats: mark("Set to {seats} seats"),
    CloseAirplane: mark("Close airplane {number}"),
    OpenAirplane: mark("Open airplane {number}"),
    Reserve: mark("Request a seat of airplane {airplane} for {customer}"),
    CancelReservation: mark("Cancel reservation {number}"),
}
DONE: Mapping[type[Command | Reserve], str] = {
    CreateAirplane: mark("Airplane {number} added."),
    ChangeSeats: mark("Airplane {number} has {seats} seats now."),
    CloseAirplane: mark("Airplane {number} is closed."),
    OpenAirplane: mark("Airplane {number} is open."),
    Reserve: mark("Reservation {number} is received."),
    CancelReservation: mark("Reservation {number} is cancelled."),
}
TO_CONFIRM: Mapping[type[Command | Reserve], str] = {
    ChangeSeats: mark("Set airplane {number} to {seats} seats?"),
    CloseAirplane: mark(
        "Close airplane {number}? What is reserved stays, new requests are rejected."
    ),
    OpenAirplane: mark("Open airplane {number} again?"),
    Reserve: mark(
        "Request a seat of airplane {airplane} for {customer} once more? It is decided anew."
    ),
    CancelReservation: mark("Cancel this reservation? {reservation}"),
}


def values_of(order: Order, number: int | None) -> Mapping[str, object]:
    """Return the values for the placeholders of a sentence: the fields of the command, and number.

    number: the airplane or the reservation; None while a new one has none.
    """
    command = order.command
    names = getattr(command, "__struct_fields__", ())
    return {"number": number, **{name: getattr(command, name) for name in names}}


def request_deed(airplane: str, customer: str, label: Labels) -> str:
    """Say what a request does. airplane: its number, with its name if it has one."""
    values = {"airplane": airplane, "customer": cut(terminal.visible(customer), MOST_CELLS)}
    return label(DEEDS[Reserve], values)


def numbered(one: Airplane) -> str:
    """Return the number of an airplane, with its name if it has one."""
    name = cut(terminal.visible(one.name or ""), MOST_CELLS)
    return SEPARATOR.join([str(one.id), *([name] if name else [])])


def seats_left(one: Airplane, label: Labels) -> str:
    """Return an airplane with its seats, as a request for one of them would find it."""
    values = {"airplane": numbered(one), "left": one.left, "seats": one.seats}
    if one.status == "closed":
        return label(mark("Airplane {airplane} is closed: a request is rejected."), values)
    return label(mark("Airplane {airplane}: {left} of {seats} seats left"), values)


def airplane_choices(
    airplanes: Sequence[Airplane], customer: str, label: Labels
) -> Mapping[int, Choosable]:
    """Return an aligned line for each open airplane with seats left, by its number."""
    free = [one for one in airplanes if one.status == "open" and one.left > 0]
    names = {one.id: cut(terminal.visible(one.name or ""), MOST_CELLS) for one in free}
    widest = max(map(cell_len, names.values()), default=0)
    seats = mark("{left} of {seats} seats left")
    return {
        one.id: Choosable(
            f"{one.id:>4}  {set_cell_size(names[one.id], widest)}  "
            + label(seats, {"left": one.left, "seats": one.seats}),
            f"{one.id} {one.name or ''}",
            request_deed(numbered(one), customer, label),
        )
        for one in free
    }


def described(one: Reservation, airplane: Airplane | None, label: Labels) -> str:
    """Describe a reservation: its number, its customer, its airplane and its seat.

    airplane: None if there is no such airplane.
    """

    def parts() -> Iterator[str]:
        yield str(one.id)
        if one.customer:
            yield one.customer
        number = label(mark("airplane {number}"), {"number": one.airplane})
        yield (airplane and airplane.name) or number
        if one.seat is not None:
            yield label(mark("seat {number}"), {"number": one.seat})

    return SEPARATOR.join(map(terminal.visible, parts()))
