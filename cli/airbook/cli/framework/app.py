"""Every command of airbook, in the order in which one meets them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from airbook.application.text.labels import mark
from airbook.cli.framework.grammar import group

# In the order in which one meets them. One run loads the module of its own command alone.
MODULES = {
    "admin": ("admin",),
    "reserve": ("reserve", "cancel", "wait"),
    "show": ("planes", "plane", "my-page", "show", "history", "why"),
    "dashboard": ("tui",),
    "events": ("events",),
    "operate": ("daemon", "status", "demo"),
    "importing": ("import",),
    "inspect": ("doctor", "views", "parked", "config"),
    "store": ("store",),
}


def build(words: Sequence[str]) -> TyperGroup:
    """Put the commands together that a command line may mean. words: what was typed."""
    app = group(help=root.__doc__, add_completion=True)
    app.callback()(root)
    for module in modules_for(words):
        import_module(f"airbook.cli.commands.{module}").register(app)
    command = cast("TyperGroup", get_command(app))
    order = [name for names in MODULES.values() for name in names]
    command.commands = {name: command.commands[name] for name in order if name in command.commands}
    return command


def modules_for(words: Sequence[str]) -> Sequence[str]:
    """Name the module of the command in a command line; all of them if none stands out."""
    named = [module for module, names in MODULES.items() if not set(names).isdisjoint(words)]
    return tuple(MODULES) if not named or {"-h", "--help"} & set(words) else named


def show_version(asked: bool) -> None:
    """Print the version and end, if that was asked for."""
    if asked:
        from importlib.metadata import version

        print(f"airbook {version('airbook')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=show_version, is_eager=True, help=mark("Show the version and exit.")
    ),
]


def root(*, version: Version = False) -> None:
    """Reserve airplane seats at any time; a daemon decides; everyone sees why.

    airbook demo
    airbook admin add-plane --seats 5
    airbook reserve 1 --wait
    """
    del version  # show_version has seen to it
