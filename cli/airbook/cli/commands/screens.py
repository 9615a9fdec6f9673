"""Opening the screens: what they require, and what they receive from the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.cli.framework.session import Session
from airbook.cli.output.errors import NotInstalled

if TYPE_CHECKING:
    from airbook.tui.session.look import Look
    from airbook.tui.session.shell import CommandSpec, Shell

START_COMMAND = (sys.executable, "-m", "airbook.cli")


class Theme(StrEnum):
    """The color themes of the screens."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"


def open_dashboard(session: Session, look: Look, moment: Moment | None) -> int:
    """Open the dashboard on the terminal; returns its exit code.

    moment: the past moment that it shows first; None means now.
    """
    from airbook.tui.start import dashboard

    return dashboard(opener(session, look), look, shell_of(session), moment=moment)


def open_my_page(session: Session, customer: str, moment: Moment | None) -> int:
    """Open the page of one customer on the terminal; returns its exit code."""
    from airbook.tui.start import my_page

    look, shell = look_of(session), shell_of(session)
    return my_page(opener(session, look), look, shell, customer, moment=moment)


def opener(session: Session, look: Look) -> Callable[[], Airbook]:
    """Return the function that opens the store for the screens. Raises Mistyped.

    The name of the actor is checked before a screen opens, if the screen offers commands.
    """
    actor = None if look.read_only else session.actor
    return lambda: Airbook(session.settings.store, actor=lambda: actor)


def serve(session: Session, options: tuple[str, ...], port: int) -> None:
    """Serve the dashboard to browsers until the process is stopped.

    options: the options of the dashboard that each browser opens. Raises Mistyped for a port that
    cannot be used.
    """
    require("textual_serve", "web")
    from airbook.tui.web import make_server

    session.enable_garbage_collection()
    refusal = session.label(mark("Open the address that was printed where this was started."))
    try:
        server = make_server(
            (*START_COMMAND, "tui", *options), environment_of(session), port, refusal
        )
    except OSError:
        taken = mark("Port {port} is in use, or needs more rights.")
        parsing.refuse(taken, port=port)
    session.print_note(
        mark("Open {address} in a browser here; Ctrl-C ends."), address=server.address
    )
    server.serve()


def look_of(
    session: Session,
    theme: Theme | None = None,
    *,
    ascii: bool = False,  # noqa: A002
    read_only: bool = False,
) -> Look:
    """Return the appearance of the screens: the options, else the settings."""
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
    """Return the command line as the dashboard runs it: its commands and its environment."""
    from airbook.tui.session.shell import Shell

    def list_specs() -> Sequence[CommandSpec]:
        from airbook.cli.framework.command_catalog import list_commands

        return list_commands(session.label)

    return Shell(list_specs, START_COMMAND, environment_of(session))


def environment_of(session: Session) -> Mapping[str, str]:
    """Return the environment of a process that uses the same settings."""
    settings = session.settings
    environment = {name: value for name, value in os.environ.items() if name != "AIRBOOK_OUTPUT"}
    if settings.file_origin != "default":
        environment["AIRBOOK_CONFIG"] = str(settings.file)
    if actor := settings.value("actor"):
        environment["AIRBOOK_ACTOR"] = actor
    return {
        **environment,
        "AIRBOOK_HOME": str(settings.home),
        "AIRBOOK_STORE": settings.store_url,
        "AIRBOOK_LANG": session.label.language,
    }


def wants_screen(session: Session) -> bool:
    """Return whether `my-page` opens a screen: no format was chosen, and a screen can be drawn."""
    chosen = session.settings.value("output")
    return chosen is None and is_on_terminal() and find_spec("textual") is not None


def has_screen() -> bool:
    """Return whether a terminal or a browser can show a screen."""
    from textual import constants

    return constants.DRIVER is not None or is_on_terminal()


def is_on_terminal() -> bool:
    """Return whether stdin and stdout are a terminal that can draw screens."""
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return terminal and os.environ.get("TERM") != "dumb"


def require(package: str, extra: str) -> None:
    """Check that a package of an extra of airbook is installed. Raises NotInstalled."""
    if find_spec(package) is None:
        raise NotInstalled(extra)
