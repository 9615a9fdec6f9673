"""The command that sends the events of the log to Kafka."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.kafka_options import Settings, address_option, require_kafka
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.messaging.address import Address, address, settings_of


class Format(StrEnum):
    """The formats of messages."""

    NATIVE = "native"
    SEED = "seed"
    CLOUDEVENTS = "cloudevents"


def register(app: typer.Typer) -> None:
    """Add the command `relay`."""
    app.command("relay", cls=Command)(relay)


def relay(
    ctx: typer.Context,
    to: Annotated[
        Address,
        address_option("--to", address),
    ],
    format: Annotated[  # noqa: A002 -- the option's name
        Format, typer.Option("--format", help=mark("native, seed or cloudevents."))
    ] = Format.NATIVE,
    once: Annotated[
        bool, typer.Option("--once", help=mark("Send what the log holds now, then end."))
    ] = False,
    sent_from: Annotated[
        int | None,
        typer.Option(
            "--from",
            parser=parsing.identity,
            metavar="POS",
            help=mark("Begin at this position, instead of where the relay has left off."),
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            parser=parsing.name,
            metavar="NAME",
            help=mark("The relay that goes on, by whatever address; by default the address."),
        ),
    ] = None,
    chosen: Settings = None,
) -> None:
    """Send every event of the log to a Kafka topic, in order, until stopped.

    airbook relay --to kafka://localhost:9092/airbook
    airbook relay --to kafka://localhost:9092/airbook --format seed --once
    airbook relay --to kafka://kafka:9093/airbook --set security.protocol=SSL
    """
    session = session_of(ctx)
    settings = settings_of(chosen or (), session.settings.kafka)
    require_kafka()
    from airbook.messaging.relay import start

    session.enable_garbage_collection()
    start(
        session.airbook,
        to,
        settings,
        format.value,
        level=session.log_level,
        color=session.is_colored(),
        name=name,
        sent_from=sent_from,
        once=once,
    )
