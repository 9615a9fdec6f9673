"""The arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.completion import complete_airplanes, complete_reservations

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
        parser=parsing.duration, metavar="DURATION", help=mark("How long to wait: 5s, 500ms, 1m.")
    ),
]
