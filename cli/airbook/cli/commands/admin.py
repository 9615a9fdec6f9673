"""The commands below `admin`: add airplanes, change their seats, close and open them."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.responses import Airplane
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.arguments import AirplaneNumber
from airbook.cli.framework.confirmation import confirm
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import Session, session_of
from airbook.domain.airplane import ChangeSeats, CloseAirplane, CreateAirplane, OpenAirplane


def register(app: typer.Typer) -> None:
    """Add the group `admin`."""
    admin = group(help=mark("Administer airplanes."))
    for name, command in (
        ("add-plane", add_plane),
        ("set-seats", set_seats),
        ("close-plane", close_plane),
        ("open-plane", open_plane),
    ):
        admin.command(name, cls=Command)(command)
    app.add_typer(admin, name="admin")


def add_plane(
    ctx: typer.Context,
    seats: Annotated[
        int, typer.Option(parser=parsing.seats, metavar="N", help=mark("How many seats it has."))
    ],
    name: Annotated[
        str | None,
        typer.Option(parser=parsing.name, metavar="TEXT", help=mark("What it is called.")),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", "-y", help=mark("Do not ask when another airplane has the same name.")
        ),
    ] = False,
) -> None:
    """Add an airplane that can be booked.

    airbook admin add-plane --seats 5
    airbook admin add-plane --seats 180 --name "KE 907"
    """
    session = session_of(ctx)
    if name is not None and not yes:
        confirm_name(session, name)
    receipt = session.airbook.execute(CreateAirplane(seats, name))
    sentence = mark("Airplane {number} is stored, but the answer could not be printed: {error}")
    session.note_stored(sentence, f"airbook plane {receipt.number}", number=receipt.number)
    # Not read back from the store: after an error in reading, people would add another airplane.
    added = Airplane(receipt.number, name, seats, 0, 0, seats, "open")
    session.printer.one(added, mark("Airplane {id} added: {seats} seats."))


def confirm_name(session: Session, name: str) -> None:
    """Ask whether to go on if an airplane has the name already. Raises Mistyped and typer.Abort."""
    from airbook.application.airplane_names import airplanes_named

    for airplane in airplanes_named(session.airbook, name)[:1]:
        question = mark("Airplane {number} is called {name} already. Add another one?")
        refusal = mark("Airplane {number} is called {name} already: say --yes to add another one.")
        confirm(session, question, refusal, number=airplane.id, name=airplane.name)


def set_seats(
    ctx: typer.Context,
    plane: AirplaneNumber,
    seats: Annotated[
        int, typer.Argument(parser=parsing.seats, metavar="N", help=mark("How many seats it has."))
    ],
) -> None:
    """Change how many seats an airplane has; never below the highest seat taken.

    airbook admin set-seats 1 6
    """
    session = session_of(ctx)
    change(session, plane, ChangeSeats(seats))
    print_airplane(session, plane, mark("Airplane {id} now: {seats} seats, {left} left."))


def close_plane(ctx: typer.Context, plane: AirplaneNumber) -> None:
    """Close an airplane: what is reserved stays, new requests are rejected.

    airbook admin close-plane 1
    """
    session = session_of(ctx)
    change(session, plane, CloseAirplane())
    print_airplane(session, plane, mark("Airplane {id}: {status}."))


def open_plane(ctx: typer.Context, plane: AirplaneNumber) -> None:
    """Open a closed airplane again.

    airbook admin open-plane 1
    """
    session = session_of(ctx)
    change(session, plane, OpenAirplane())
    print_airplane(session, plane, mark("Airplane {id}: {status}."))


def change(
    session: Session, plane: int, command: ChangeSeats | CloseAirplane | OpenAirplane
) -> None:
    """Change an airplane. Raises Refused and StoreError."""
    session.airbook.execute(command, plane)
    sentence = mark(
        "The change of airplane {number} is stored, but the answer could not be printed: {error}"
    )
    session.note_stored(sentence, f"airbook plane {plane}", number=plane)


def print_airplane(session: Session, plane: int, sentence: str) -> None:
    """Print the present state of an airplane."""
    session.printer.one(session.airbook.queries.airplane(plane), sentence)
