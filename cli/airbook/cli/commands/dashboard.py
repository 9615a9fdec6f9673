"""The dashboard: whether there is a screen for it, and opening it there or in a browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment, format_moment
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.as_of import AsOf
from airbook.cli.framework.grammar import Command
from airbook.cli.framework.session import Session, session_of
from airbook.cli.output.errors import NoTerminal, NotInstalled

if TYPE_CHECKING:
    from airbook.tui.session.look import Look
    from airbook.tui.session.shell import CommandSpec, Shell

PORT = 8000
START = (sys.executable, "-m", "airbook.cli")


class Theme(StrEnum):
    """How it is coloured."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"


def register(app: typer.Typer) -> None:
    """Add the command."""
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
    from airbook.tui.start import dashboard

    look = look_of(session, theme, ascii=ascii, read_only=read_only)
    code = dashboard(lambda: Airbook(session.settings.store), look, shell_of(session), moment=as_of)
    raise typer.Exit(code)


def my_page(session: Session, customer: str, moment: Moment | None) -> int:
    """Open the screen of one customer; returns the exit code."""
    from airbook.tui.start import my_page as open_my_page

    look, shell = look_of(session), shell_of(session)
    return open_my_page(
        lambda: Airbook(session.settings.store), look, shell, customer, moment=moment
    )


def serve(session: Session, options: tuple[str, ...], port: int) -> None:
    """Show it in browsers until stopped. options: of the dashboard each of them opens."""
    require("textual_serve", "web")
    from airbook.tui.web import make_server

    session.stay()
    refusal = session.label(mark("Open the address that was printed where this was started."))
    try:
        own = make_server((*START, "tui", *options), environment_of(session), port, refusal)
    except OSError:
        taken = mark("Port {port} is taken, or not for everybody to use.")
        parsing.refuse(taken, port=port)
    session.say(mark("Open {address} in a browser here; Ctrl-C ends."), address=own.address)
    own.serve()


def options_of(
    moment: Moment | None,
    theme: Theme | None,
    *,
    read_only: bool,
    ascii: bool,  # noqa: A002
) -> tuple[str, ...]:
    """Write the options that say the same again."""
    return (
        *(("--as-of", format_moment(moment)) if moment else ()),
        *(("--theme", theme) if theme else ()),
        *(("--read-only",) if read_only else ()),
        *(("--ascii",) if ascii else ()),
    )


def look_of(
    session: Session,
    theme: Theme | None = None,
    *,
    ascii: bool = False,  # noqa: A002
    read_only: bool = False,
) -> Look:
    """Choose how it looks: as the options say, else as it is set."""
    from airbook.tui.session.look import Look

    settings = session.settings
    return Look(
        session.label,
        theme or settings.value("theme") or Theme.DARK,
        ascii=ascii or settings.is_on("ascii"),
        keys=settings.keys,
        read_only=read_only,
    )


def shell_of(session: Session) -> Shell:
    """Describe the command line, for the dashboard to run it."""
    from airbook.tui.session.shell import Shell

    def list_verbs() -> Sequence[CommandSpec]:
        from airbook.cli.framework.verbs import verbs

        return verbs(session.label)

    return Shell(list_verbs, START, environment_of(session))


def environment_of(session: Session) -> Mapping[str, str]:
    """Say to another process what was said to this one."""
    settings = session.settings
    environment = {name: value for name, value in os.environ.items() if name != "AIRBOOK_OUTPUT"}
    if settings.file_origin != "default":
        environment["AIRBOOK_CONFIG"] = str(settings.file)
    return {
        **environment,
        "AIRBOOK_HOME": str(settings.home),
        "AIRBOOK_STORE": settings.store_url,
        "AIRBOOK_LANG": session.label.language,
    }


def wants_screen(session: Session) -> bool:
    """Tell whether a screen is better than a list, and possible."""
    said = session.settings.value("output")
    return said is None and is_on_terminal() and find_spec("textual") is not None


def has_screen() -> bool:
    """Tell whether there is a terminal, or a browser that plays one."""
    from textual import constants

    return constants.DRIVER is not None or is_on_terminal()


def is_on_terminal() -> bool:
    """Tell whether somebody sees what is drawn, and can answer."""
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return terminal and os.environ.get("TERM") != "dumb"


def require(package: str, extra: str) -> None:
    """Go on only with a package that pip installs as an extra of airbook. Raises NotInstalled."""
    if find_spec(package) is None:
        raise NotInstalled(extra)
