"""The command that executes the commands that come on a topic of Kafka."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.kafka_options import Settings, address_option, require_kafka
from airbook.cli.framework.arguments import customer_option
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.messaging.address import Address, address, settings_of, topic

DEAD = ".dead-letters"  # the ending of the topic of dead letters


def register(app: typer.Typer) -> None:
    """Add the command `intake`."""
    app.command("intake", cls=Command)(intake)


def intake(
    ctx: typer.Context,
    source: Annotated[
        Address,
        address_option("--from", address),
    ],
    group: Annotated[
        str,
        typer.Option(
            "--group",
            parser=parsing.name,
            metavar="NAME",
            help=mark("The consumer group, which shares the messages among its members."),
        ),
    ] = "airbook",
    dead_letter: Annotated[
        str | None,
        typer.Option(
            "--dead-letter",
            parser=topic,
            metavar="TOPIC",
            help=mark("The topic of refused messages; by default TOPIC.dead-letters."),
        ),
    ] = None,
    customer: Annotated[
        str | None,
        customer_option(mark("Who reserves if a message does not say it; you by default.")),
    ] = None,
    chosen: Settings = None,
) -> None:
    """Take reservations and cancellations from a Kafka topic, each once, until stopped.

    airbook intake --from kafka://localhost:9092/commands
    airbook intake --from kafka://localhost:9092/commands --dead-letter refused
    """
    session = session_of(ctx)
    settings = settings_of(chosen or (), session.settings.kafka)
    require_kafka()
    from airbook.messaging.intake import start

    session.enable_garbage_collection()
    start(
        session.airbook,
        source,
        settings,
        group=group,
        dead_letter=dead_letter or f"{source.topic}{DEAD}",
        customer=parsing.name(session.settings.customer if customer is None else customer),
        level=session.log_level,
        color=session.is_colored(),
    )
