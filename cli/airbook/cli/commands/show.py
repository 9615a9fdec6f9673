"""Looking things up: airplanes, my page, one reservation, its history, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.text import parsing
from airbook.application.text.formatting import RESERVATION_SENTENCES
from airbook.application.text.labels import mark
from airbook.cli.commands.admin import Plane
from airbook.cli.commands.reserve import Number
from airbook.cli.framework.as_of import AsOf, position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of

AIRPLANE = ("id", "name", "seats", "taken", "pending", "left", "status")
MINE = ("id", "airplane", "status", "seat", "reason", "received_at")
EVERYBODYS = ("id", "airplane", "customer", "status", "seat", "reason", "received_at")
TIMELINE = ("position", "at", "stream", "type", "data")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (
        ("planes", planes),
        ("plane", plane),
        ("my-page", my_page),
        ("show", show),
        ("history", history),
        ("why", why),
    ):
        app.command(name, cls=Command)(command)


def planes(ctx: typer.Context, as_of: AsOf = None) -> None:
    """List the airplanes, with the seats taken, waited for and left.

    airbook planes
    airbook planes -o json
    airbook planes --as-of -5m
    """
    session = session_of(ctx)
    found = session.airbook.queries.airplanes(as_of=position(session, as_of))
    session.printer.many(found, AIRPLANE, mark("There are no airplanes yet."))
    if not found:
        session.hint("airbook admin add-plane --seats 5")


def plane(ctx: typer.Context, plane: Plane, as_of: AsOf = None) -> None:
    """Show one airplane.

    airbook plane 1
    """
    session = session_of(ctx)
    found = session.airbook.queries.airplane(plane, as_of=position(session, as_of))
    session.printer.one(
        found,
        mark(
            "Airplane {id}: {status}. {seats} seats, {taken} taken, {pending} pending, {left} left."
        ),
    )


def my_page(
    ctx: typer.Context,
    customer: Annotated[
        str | None,
        typer.Option(
            parser=parsing.name, metavar="NAME", help=mark("Whose reservations; yours by default.")
        ),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help=mark("Everybody's reservations."))
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(parser=parsing.identity, metavar="N", help=mark("Only the newest N.")),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Show what became of your reservations.

    airbook my-page
    airbook my-page --customer kim
    airbook my-page --all -o json
    """
    from airbook.cli.commands.dashboard import my_page as open_screen
    from airbook.cli.commands.dashboard import wants_screen

    session = session_of(ctx)
    whose = None if everybody else customer or parsing.name(session.settings.customer)
    if whose is not None and limit is None and wants_screen(session):
        raise typer.Exit(open_screen(session, whose, as_of))
    found = session.airbook.queries.reservations(
        customer=whose, limit=limit, as_of=position(session, as_of)
    )
    columns = EVERYBODYS if everybody else MINE
    empty = mark("There are no reservations yet.")
    if whose is not None:
        empty = session.label(mark("{customer} has no reservations."), {"customer": whose})
    session.printer.many(found, columns, empty)
    if not found:
        session.hint("airbook planes")


def show(ctx: typer.Context, reservation: Number, as_of: AsOf = None) -> None:
    """Show one reservation.

    airbook show 6
    """
    session = session_of(ctx)
    found = session.airbook.queries.reservation(reservation, as_of=position(session, as_of))
    session.printer.one(found, RESERVATION_SENTENCES[found.status])


def history(ctx: typer.Context, reservation: Number, as_of: AsOf = None) -> None:
    """Show every event that touched a reservation, in order.

    airbook history 6
    """
    session = session_of(ctx)
    events = session.airbook.queries.history(reservation, as_of=position(session, as_of))
    session.printer.many(events, TIMELINE)


def why(ctx: typer.Context, reservation: Number, as_of: AsOf = None) -> None:
    """Explain a decision: the rule, and what it found.

    airbook why 6
    """
    from airbook.application.explain import why as explain

    session = session_of(ctx)
    then = position(session, as_of)
    explained = explain(session.airbook, reservation, session.label, as_of=then)
    session.printer.one(explained, "{sentence}")
