"""The command that runs the daemon."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of


def register(app: typer.Typer) -> None:
    """Add the command `daemon`."""
    app.command("daemon", cls=Command)(daemon)


def daemon(
    ctx: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help=mark("Decide what is pending now, then end."))
    ] = False,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help=mark("End when nothing is left to do."))
    ] = False,
    partitions: Annotated[
        int,
        typer.Option(
            parser=parsing.partitions,
            metavar="N",
            help=mark("Share the airplanes among N daemons; give each of them the same N."),
        ),
    ] = "1",  # type: ignore[assignment]  # Typer parses defaults too
    health_port: Annotated[
        int | None,
        typer.Option(
            parser=parsing.port,
            metavar="PORT",
            help=mark("Answer at this port for the health of the daemon."),
        ),
    ] = None,
    health_host: Annotated[
        str | None,
        typer.Option(
            metavar="HOST",
            help=mark("The address for --health-port; 127.0.0.1 by default."),
        ),
    ] = None,
) -> None:
    """Decide reservations and keep the views up to date, until stopped.

    airbook daemon
    airbook daemon --until-idle
    airbook daemon --partitions 3
    airbook daemon --health-port 9100
    """
    from airbook.daemon.start import start

    if once and until_idle:
        parsing.refuse(mark("--once and --until-idle exclude each other: say one of them."))
    if health_host is not None and health_port is None:
        parsing.refuse(mark("--health-host is for --health-port only."))
    session = session_of(ctx)
    session.enable_garbage_collection()
    start(
        session.airbook,
        level=session.log_level,
        color=session.is_colored(),
        until="caught_up" if once else "idle" if until_idle else "stopped",
        partitions=partitions,
        health=None if health_port is None else (health_host or "127.0.0.1", health_port),
    )
