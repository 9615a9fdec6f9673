"""The commands that show one reservation: its state, its events, and why it was decided so."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.sorting import Sorting, sort_rows
from airbook.cli.framework.arguments import ReservationNumber
from airbook.cli.framework.as_of import AsOf, find_position
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import EVENTS


def register(app: typer.Typer) -> None:
    """Add the commands `show`, `history` and `why`."""
    for name, command in (("show", show), ("history", history), ("why", why)):
        app.command(name, cls=Command)(command)


def show(ctx: typer.Context, reservation: ReservationNumber, as_of: AsOf = None) -> None:
    """Show one reservation.

    airbook show 6
    """
    session = session_of(ctx)
    found = session.airbook.queries.reservation(reservation, as_of=find_position(session, as_of))
    session.printer.reservation(found)


def history(
    ctx: typer.Context,
    reservation: ReservationNumber,
    sort: Annotated[Sorting | None, sort_option(EVENTS)] = None,
    as_of: AsOf = None,
) -> None:
    """Show every event that touched a reservation, in order.

    airbook history 6
    """
    session = session_of(ctx)
    events = session.airbook.queries.history(reservation, as_of=find_position(session, as_of))
    session.printer.many(sort_rows(events, sort), EVENTS)


def why(ctx: typer.Context, reservation: ReservationNumber, as_of: AsOf = None) -> None:
    """Explain a decision: the rule, and what it found.

    airbook why 6
    """
    from airbook.application.explain import why as explain

    session = session_of(ctx)
    position = find_position(session, as_of)
    explained = explain(session.airbook, reservation, session.label, as_of=position)
    session.printer.one(explained, "{sentence}")
