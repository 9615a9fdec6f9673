"""The commands below `parked`: reservations that the daemon could not settle."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application import outcome
from airbook.application.sorting import Sorting, sort_rows
from airbook.application.text.labels import mark
from airbook.application.text.parsing import identity, refuse
from airbook.cli.framework.completion import complete_parked
from airbook.cli.framework.confirmation import confirm
from airbook.cli.framework.grammar import Command, group
from airbook.cli.framework.session import Session, session_of
from airbook.cli.framework.sorting import sort_option
from airbook.cli.output.tables import PARKED
from airbook.domain.refusal import Refused


def register(app: typer.Typer) -> None:
    """Add the group `parked`."""
    parked = group(help=mark("Reservations that could not be settled."))
    parked.command("list", cls=Command)(list_)
    parked.command("retry", cls=Command)(retry)
    parked.command("drop", cls=Command)(drop)
    app.add_typer(parked, name="parked")


def list_(
    ctx: typer.Context,
    sort: Annotated[Sorting | None, sort_option(PARKED)] = None,
) -> None:
    """List the parked reservations and their errors.

    airbook parked list
    """
    session = session_of(ctx)
    parked = sort_rows(outcome.parked(session.airbook), sort)
    session.printer.many(parked, PARKED, mark("Nothing is parked."))


def retry(
    ctx: typer.Context,
    reservation: Annotated[
        int | None,
        typer.Argument(
            metavar="RESERVATION",
            parser=identity,
            autocompletion=complete_parked,
            help=mark("The reservation."),
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=mark("Every parked reservation."))] = False,
) -> None:
    """Have the daemon try a parked reservation again.

    airbook parked retry 500
    airbook parked retry --all
    """
    session = session_of(ctx)
    for number in chosen(session, reservation, every=every):
        if not session.airbook.log.retry(number):
            raise not_parked(number)
        session.print_note(mark("Reservation {number} will be tried again."), number=number)
    session.warn_without_daemon()


def drop(
    ctx: typer.Context,
    reservation: Annotated[
        int,
        typer.Argument(
            metavar="RESERVATION",
            parser=identity,
            autocompletion=complete_parked,
            help=mark("The reservation."),
        ),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=mark("Do not ask for confirmation."))
    ] = False,
) -> None:
    """Leave a parked reservation undecided for good.

    airbook parked drop 500
    """
    session = session_of(ctx)
    if reservation not in {one.reservation for one in session.airbook.log.registry.parked()}:
        raise not_parked(reservation)
    if not yes:
        question = mark("Leave reservation {number} undecided for good?")
        refusal = mark("There is no terminal to ask on: add --yes.")
        confirm(session, question, refusal, number=reservation)
    session.airbook.log.drop(reservation)
    session.print_note(mark("Reservation {number} is dropped."), number=reservation)


def chosen(session: Session, number: int | None, *, every: bool) -> list[int]:
    """Return the reservation numbers to retry. Raises Mistyped unless exactly one of both is given.

    number: one reservation. every: all reservations that are parked and not dropped.
    """
    if (number is None) is not every:
        refuse(mark("Name one reservation, or --all."))
    if number is not None:
        return [number]
    return [one.reservation for one in session.airbook.log.registry.parked() if not one.dropped]


def not_parked(number: int) -> Refused:
    """Return the refusal for a reservation that is not parked."""
    return Refused("not_parked", mark("Reservation {number} is not parked."), number=number)
