"""The arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer._click.core import ParameterSource

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.completion import (
    complete_airplanes,
    complete_customers,
    complete_durations,
    complete_reservations,
)

AirplaneNumber = Annotated[
    int,
    typer.Argument(
        metavar="ID",
        parser=parsing.identity,
        autocompletion=complete_airplanes,
        help=mark("The airplane."),
    ),
]
ReservationNumber = Annotated[
    int,
    typer.Argument(
        metavar="RESERVATION",
        parser=parsing.identity,
        autocompletion=complete_reservations,
        help=mark("The reservation."),
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        parser=parsing.seconds,
        metavar="DURATION",
        autocompletion=complete_durations,
        help=mark("How long to wait: 5s, 500ms, 1h30m."),
    ),
]


def customer_option(explanation: str) -> Any:  # noqa: ANN401 -- what typer.Option returns
    """Return the option --customer. explanation: its English help."""
    return typer.Option(
        parser=parsing.name,
        metavar="NAME",
        autocompletion=complete_customers,
        help=explanation,
    )


def refuse_timeout_without_wait(ctx: typer.Context, *, wait: bool) -> None:
    """Raise Mistyped if --timeout was given to a command that does not wait."""
    if not wait and ctx.get_parameter_source("timeout") is ParameterSource.COMMANDLINE:
        parsing.refuse(mark("--timeout is for --wait only."))
