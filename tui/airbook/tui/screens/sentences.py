"""Texts of the commands of a screen: reports, questions to confirm, choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len, set_cell_size

from airbook.application.commands import Order, Reserve
from airbook.application.responses import Airplane
from airbook.application.text import terminal
from airbook.application.text.labels import Labels, mark
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane
from airbook.domain.decider import Command
from airbook.domain.reservation import CancelReservation
from airbook.tui.widgets.columns import cut

MOST_CELLS = 28  # of an airplane's name in the list to choose from
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
    CancelReservation: mark("Cancel reservation {number}? Its seat is given to others."),
}


def values_of(order: Order, number: int | None) -> Mapping[str, object]:
    """Return the values for the placeholders of a sentence: the fields of the command, and number.

    number: the airplane or the reservation; None while a new one has none.
    """
    command = order.command
    names = getattr(command, "__struct_fields__", ())
    return {"number": number, **{name: getattr(command, name) for name in names}}


def airplane_choices(airplanes: Sequence[Airplane], label: Labels) -> Mapping[int, str]:
    """Return an aligned line for each open airplane with seats left, by its number."""
    free = [one for one in airplanes if one.status == "open" and one.left > 0]
    names = {one.id: cut(terminal.visible(one.name or ""), MOST_CELLS) for one in free}
    widest = max(map(cell_len, names.values()), default=0)
    seats = mark("{left} of {seats} seats left")
    return {
        one.id: f"{one.id:>4}  {set_cell_size(names[one.id], widest)}  "
        + label(seats, {"left": one.left, "seats": one.seats})
        for one in free
    }
