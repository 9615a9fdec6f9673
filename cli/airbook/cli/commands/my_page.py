"""The command that shows the reservations of a customer."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.screens import open_my_page, wants_screen
from airbook.cli.framework.as_of import AsOf, find_position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of

OWN_COLUMNS = ("id", "airplane", "status", "seat", "reason", "received_at")
ALL_COLUMNS = ("id", "airplane", "customer", "status", "seat", "reason", "received_at")


def register(app: typer.Typer) -> None:
    """Add the command `my-page`."""
    app.command("my-page", cls=Command)(my_page)


def my_page(
    ctx: typer.Context,
    customer: Annotated[
        str | None,
        typer.Option(
            parser=parsing.name, metavar="NAME", help=mark("Whose reservations; yours by default.")
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=mark("Everybody's reservations."))] = False,
    limit: Annotated[
        int | None,
        typer.Option(parser=parsing.identity, metavar="N", help=mark("Only the newest N.")),
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Show your reservations, their results and the reasons.

    airbook my-page
    airbook my-page --customer kim
    airbook my-page --all -o json
    """
    session = session_of(ctx)
    whose = None if every else customer or parsing.name(session.settings.customer)
    if whose is not None and limit is None and wants_screen(session):
        raise typer.Exit(open_my_page(session, whose, as_of))
    found = session.airbook.queries.reservations(
        customer=whose, limit=limit, as_of=find_position(session, as_of)
    )
    columns = ALL_COLUMNS if every else OWN_COLUMNS
    empty = mark("There are no reservations yet.")
    if whose is not None:
        empty = session.label(mark("{customer} has no reservations."), {"customer": whose})
    session.printer.many(found, columns, empty)
    if not found:
        session.print_hint("airbook planes")
