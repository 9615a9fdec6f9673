"""The commands that show airplanes."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text.labels import mark
from airbook.cli.framework.arguments import AirplaneNumber
from airbook.cli.framework.as_of import AsOf, find_position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import AIRPLANES


def register(app: typer.Typer) -> None:
    """Add the commands `planes` and `plane`."""
    app.command("planes", cls=Command)(planes)
    app.command("plane", cls=Command)(plane)


def planes(
    ctx: typer.Context,
    sort: Annotated[Sorting | None, sort_option(AIRPLANES)] = None,
    as_of: AsOf = None,
) -> None:
    """List the airplanes, with the seats taken, pending and left.

    airbook planes
    airbook planes -o json
    airbook planes --sort -left
    airbook planes --as-of -5m
    """
    session = session_of(ctx)
    position = find_position(session, as_of)
    found = session.airbook.queries.airplanes(as_of=position)
    empty = mark("There are no airplanes yet.")
    if position is not None:
        empty = mark("There were no airplanes yet.")
    session.printer.many(sort_rows(found, sort), AIRPLANES, empty)
    if not found and position is None:
        session.print_hint("airbook admin add-plane --seats 5")


def plane(ctx: typer.Context, plane: AirplaneNumber, as_of: AsOf = None) -> None:
    """Show one airplane.

    airbook plane 1
    """
    session = session_of(ctx)
    found = session.airbook.queries.airplane(plane, as_of=find_position(session, as_of))
    session.printer.one(
        found,
        mark(
            "Airplane {id}: {status}. {seats} seats, {taken} taken, {pending} pending, {left} left."
        ),
    )
