"""The commands that reserve, cancel, and wait for a decision."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

import typer

from airbook.application import outcome
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Reservation
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.acknowledgement import StoredReservations, acknowledged
from airbook.cli.framework.arguments import (
    ReservationNumber,
    Timeout,
    customer_option,
    refuse_timeout_without_wait,
)
from airbook.cli.framework.completion import complete_airplanes
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import REFUSED, TimedOut
from airbook.domain.reservation import FINAL, CancelReservation
from airbook.eventlog.errors import StoreError


class Goal(StrEnum):
    """The decisions that `wait` can wait for."""

    DECIDED = "decided"
    APPROVED = "approved"


def register(app: typer.Typer) -> None:
    """Add the commands `reserve`, `cancel` and `wait`."""
    for name, command in (("reserve", reserve), ("cancel", cancel), ("wait", wait)):
        app.command(name, cls=Command)(command)


def airplane_or_stdin(word: str) -> int:
    """Parse the number of an airplane; returns 0 for `-`, which stands for standard input."""
    return 0 if word == "-" else parsing.identity(word)


def reserve(
    ctx: typer.Context,
    plane: Annotated[
        int,
        typer.Argument(
            metavar="PLANE",
            parser=airplane_or_stdin,
            autocompletion=complete_airplanes,
            help=mark("The airplane; - reads lines of airplane, customer and key."),
        ),
    ],
    customer: Annotated[
        str | None,
        customer_option(mark("Who reserves; you by default. With -: where a line names nobody.")),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            parser=parsing.name,
            metavar="KEY",
            help=mark("Idempotency key: the same again reserves only once."),
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help=mark("Wait for the decision."))] = False,
    timeout: Timeout = "5s",  # type: ignore[assignment]  # Typer parses defaults too
) -> None:
    """Request a seat. It is always accepted; the daemon decides. With --wait, exit 4 if rejected.

    airbook reserve 1
    airbook reserve 1 --customer kim --wait
    airbook reserve 1 --key order-4711 -o json
    airbook reserve - < requests.csv
    """
    session = session_of(ctx)
    refuse_timeout_without_wait(ctx, wait=wait)
    if not plane:
        from airbook.cli.commands.reserve_lines import reserve_many

        raise typer.Exit(reserve_many(session, customer, single_options=bool(key or wait)))
    customer = customer or parsing.name(session.settings.customer)
    order = Order(Reserve(plane, customer), key=key, at=session.airbook.clock())
    receipt = session.airbook.execute(order.command, key=order.key, at=order.at)
    StoredReservations(session).add(receipt.number)
    if not wait:
        session.printer.reservation(acknowledged(session.airbook, order, receipt))
        session.warn_without_daemon()
        return
    session.warn_without_daemon()
    try:
        in_time = outcome.wait_decided(session.airbook, receipt.number, timeout)
        found = outcome.reservation(session.airbook, receipt.number)
    except StoreError:
        # The request is accepted, although its decision cannot be read.
        session.printer.reservation(acknowledged(session.airbook, order, receipt))
        raise
    print_awaited(session, found, in_time=in_time, refuse={"rejected"})


def cancel(
    ctx: typer.Context,
    reservation: ReservationNumber,
    wait: Annotated[
        bool, typer.Option("--wait", help=mark("Wait until its seat is free again."))
    ] = False,
    timeout: Timeout = "5s",  # type: ignore[assignment]
) -> None:
    """Give a reservation back, while it is received or approved.

    airbook cancel 2
    """
    session = session_of(ctx)
    refuse_timeout_without_wait(ctx, wait=wait)
    session.airbook.execute(CancelReservation(), reservation)
    stored = mark(
        "The cancellation of reservation {number} is stored,"
        " but the answer could not be printed: {error}"
    )
    session.note_stored(stored, f"airbook show {reservation}", number=reservation)
    session.warn_without_daemon()
    in_time = not wait or outcome.wait_released(session.airbook, reservation, timeout)
    print_awaited(session, outcome.reservation(session.airbook, reservation), in_time=in_time)


def wait(
    ctx: typer.Context,
    reservation: ReservationNumber,
    goal: Annotated[
        Goal, typer.Option("--for", help=mark("decided, or approved (exit 4 if it is not)."))
    ] = Goal.DECIDED,
    timeout: Timeout = "5s",  # type: ignore[assignment]
) -> None:
    """Wait until a reservation is decided.

    airbook wait 6 --for approved --timeout 1m
    """
    session = session_of(ctx)
    outcome.reservation(session.airbook, reservation)
    session.warn_without_daemon()
    in_time = outcome.wait_decided(session.airbook, reservation, timeout)
    refuse = FINAL if goal is Goal.APPROVED else ()
    found = outcome.reservation(session.airbook, reservation)
    print_awaited(session, found, in_time=in_time, refuse=refuse)


def print_awaited(
    session: Session, found: Reservation, *, in_time: bool, refuse: Collection[str] = ()
) -> None:
    """Print a reservation after waiting for it.

    in_time: whether the wait ended before its timeout. refuse: the statuses that end with exit
    code 4. Raises TimedOut and typer.Exit.
    """
    session.printer.reservation(found)
    if not in_time:
        raise TimedOut
    if found.status in refuse:
        raise typer.Exit(REFUSED)
