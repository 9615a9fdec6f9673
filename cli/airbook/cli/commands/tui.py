"""The command that opens the dashboard, on the terminal or in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from airbook.application.as_of import Moment, format_moment
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.commands.screens import (
    Theme,
    has_screen,
    look_of,
    open_dashboard,
    require,
    serve,
)
from airbook.cli.framework.as_of import AsOf
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import session_of
from airbook.cli.output.errors import NoTerminal

PORT = 8000


def register(app: typer.Typer) -> None:
    """Add the command `tui`."""
    app.command("tui", cls=Command)(tui)


def tui(
    ctx: typer.Context,
    as_of: AsOf = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help=mark("Offer nothing that changes the store."))
    ] = False,
    ascii: Annotated[  # noqa: A002 -- the option's name
        bool, typer.Option("--ascii", help=mark("Draw with ASCII characters alone."))
    ] = False,
    theme: Annotated[
        Theme | None,
        typer.Option("--theme", metavar="THEME", help=mark("dark, light or contrast.")),
    ] = None,
    web: Annotated[
        bool, typer.Option("--web", help=mark("Show it in a browser on this machine."))
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            parser=parsing.port,
            metavar="N",
            help=mark("The port for the browser, with --web; 8000 by default."),
        ),
    ] = None,
) -> None:
    """Open the dashboard: airplanes, reservations, events and the system, live.

    airbook tui
    airbook tui --as-of -5m
    airbook tui --web --port 8080 --read-only
    """
    session = session_of(ctx)
    if port is not None and not web:
        parsing.refuse(mark("--port is for --web only."))
    require("textual", "tui")
    if web:
        options = options_of(as_of, theme, read_only=read_only, ascii=ascii)
        serve(session, options, port or PORT)
        return
    if not has_screen():
        raise NoTerminal
    look = look_of(session, theme, ascii=ascii, read_only=read_only)
    raise typer.Exit(open_dashboard(session, look, as_of))


def options_of(
    moment: Moment | None,
    theme: Theme | None,
    *,
    read_only: bool,
    ascii: bool,  # noqa: A002
) -> tuple[str, ...]:
    """Return the options that open the same dashboard in another process."""
    return (
        *(("--as-of", format_moment(moment)) if moment else ()),
        *(("--theme", theme) if theme else ()),
        *(("--read-only",) if read_only else ()),
        *(("--ascii",) if ascii else ()),
    )
