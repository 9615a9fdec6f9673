"""Reserving, cancelling, and waiting for the decision."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, cast

import typer

from airbook.application import outcome
from airbook.application.commands import Order, Reserve
from airbook.application.responses import Reservation
from airbook.application.text import parsing
from airbook.application.text.formatting import RESERVATION_SENTENCES
from airbook.application.text.labels import mark
from airbook.cli.framework.completion import airplanes, reservations
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import REFUSED, TimedOut
from airbook.domain.reservation import FINAL, CancelReservation
from airbook.eventlog.codec import stamp
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Receipt

Number = Annotated[
    int,
    typer.Argument(
        metavar="RESERVATION",
        parser=parsing.identity,
        autocompletion=reservations,
        help=mark("The reservation."),
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        parser=parsing.duration, metavar="DURATION", help=mark("How long to wait: 5s, 500ms, 1m.")
    ),
]


class Goal(StrEnum):
    """What can be waited for."""

    DECIDED = "decided"
    APPROVED = "approved"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (("reserve", reserve), ("cancel", cancel), ("wait", wait)):
        app.command(name, cls=Command)(command)


def identity_or_many(word: str) -> int:
    """Read the number of an airplane; 0 for -, which stands for as many as standard input names."""
    return 0 if word == "-" else parsing.identity(word)


def reserve(
    ctx: typer.Context,
    plane: Annotated[
        int,
        typer.Argument(
            metavar="PLANE",
            parser=identity_or_many,
            autocompletion=airplanes,
            help=mark("The airplane; - reads lines of airplane, customer and key."),
        ),
    ],
    customer: Annotated[
        str | None,
        typer.Option(
            parser=parsing.name, metavar="NAME", help=mark("Who reserves; you by default.")
        ),
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
    if not plane:
        from airbook.cli.commands.reserve_lines import reserve_many

        raise typer.Exit(reserve_many(session, customer, alone=not (key or wait)))
    who = customer or parsing.name(session.settings.customer)
    order = Order(Reserve(plane, who), key=key, at=session.airbook.clock())
    receipt = session.airbook.execute(order.command, key=order.key, at=order.at)
    if not wait:
        show(session, acknowledged(session, order, receipt))
        session.warn_without_daemon()
        return
    session.warn_without_daemon()
    try:
        in_time = decided_within(session, receipt.number, timeout)
        found = outcome.reservation(session.airbook, receipt.number)
    except StoreError:
        show(session, acknowledged(session, order, receipt))  # it is accepted all the same
        raise
    tell(session, found, in_time=in_time, refuse={"rejected"})


def acknowledged(session: Session, order: Order, receipt: Receipt) -> Reservation:
    """Show a request as it was accepted, asking nobody; one accepted before, as it is now."""
    if receipt.repeated:
        return outcome.reservation(session.airbook, receipt.number)
    reserve = cast("Reserve", order.command)
    at = stamp(order.at or session.airbook.clock())
    return Reservation(
        receipt.number, reserve.airplane, reserve.customer, "received", received_at=at
    )


def cancel(
    ctx: typer.Context,
    reservation: Number,
    wait: Annotated[
        bool, typer.Option("--wait", help=mark("Wait until its seat is free again."))
    ] = False,
    timeout: Timeout = "5s",  # type: ignore[assignment]
) -> None:
    """Give a reservation back, while it is received or approved.

    airbook cancel 2
    """
    session = session_of(ctx)
    session.airbook.execute(CancelReservation(), reservation)
    session.warn_without_daemon()
    in_time = not wait or outcome.wait_released(session.airbook, reservation, timeout)
    tell(session, outcome.reservation(session.airbook, reservation), in_time=in_time)


def wait(
    ctx: typer.Context,
    reservation: Number,
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
    in_time = decided_within(session, reservation, timeout)
    refuse = FINAL if goal is Goal.APPROVED else ()
    found = outcome.reservation(session.airbook, reservation)
    tell(session, found, in_time=in_time, refuse=refuse)


def decided_within(session: Session, reservation: int, seconds: float) -> bool:
    """Wait for a decision; False if none has come after that many seconds."""
    return outcome.wait_decided(session.airbook, reservation, seconds)


def show(session: Session, found: Reservation) -> None:
    """Print a reservation."""
    session.printer.one(found, RESERVATION_SENTENCES[found.status])


def tell(
    session: Session, found: Reservation, *, in_time: bool = True, refuse: Collection[str] = ()
) -> None:
    """Print a reservation that was waited for.

    Exit 6 if it did not come in time, 4 if its status is one to refuse.
    """
    show(session, found)
    if not in_time:
        raise TimedOut
    if found.status in refuse:
        raise typer.Exit(REFUSED)
