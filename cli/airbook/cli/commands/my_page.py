"""The command that shows the reservations of a customer."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.screens import open_my_page, wants_screen
from airbook.cli.framework.arguments import customer_option
from airbook.cli.framework.as_of import AsOf, find_position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import ALL_RESERVATIONS, OWN_RESERVATIONS


def register(app: typer.Typer) -> None:
    """Add the command `my-page`."""
    app.command("my-page", cls=Command)(my_page)


def my_page(
    ctx: typer.Context,
    customer: Annotated[
        str | None,
        customer_option(mark("Whose reservations; yours by default.")),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=mark("Everybody's reservations."))] = False,
    limit: Annotated[
        int | None,
        typer.Option(parser=parsing.identity, metavar="N", help=mark("Only the newest N.")),
    ] = None,
    sort: Annotated[Sorting | None, sort_option(ALL_RESERVATIONS)] = None,
    as_of: AsOf = None,
) -> None:
    """Show your reservations, their results and the reasons.

    airbook my-page
    airbook my-page --customer kim
    airbook my-page --all -o json
    """
    session = session_of(ctx)
    if every and customer is not None:
        parsing.refuse(mark("--customer shows one customer, --all everybody: say one of them."))
    whose = None if every else customer or parsing.name(session.settings.customer)
    if whose is not None and limit is None and sort is None and wants_screen(session):
        raise typer.Exit(open_my_page(session, whose, as_of))
    position = find_position(session, as_of)
    found = session.airbook.queries.reservations(customer=whose, limit=limit, as_of=position)
    table = ALL_RESERVATIONS if every else OWN_RESERVATIONS
    empty = empty_sentence(whose, past=position is not None)
    session.printer.many(sort_rows(found, sort), table, session.label(empty, {"customer": whose}))
    if not found and position is None:
        session.print_hint("airbook planes")


def empty_sentence(customer: str | None, *, past: bool) -> str:
    """Return, in English, that there are no reservations. customer: whose; None for everybody's."""
    if customer is None:
        if past:
            return mark("There were no reservations yet.")
        return mark("There are no reservations yet.")
    return (
        mark("{customer} had no reservations.") if past else mark("{customer} has no reservations.")
    )
