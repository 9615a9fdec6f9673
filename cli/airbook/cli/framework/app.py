"""The tree of all commands; only the modules that a command line needs are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from airbook.application.text.labels import mark
from airbook.cli.framework.grammar import group

# The modules of airbook.cli.commands and their commands, in the order in which help lists them.
# Loading all of them would double the time that `reserve` takes.
MODULES = {
    "admin": ("admin",),
    "reserve": ("reserve", "cancel", "wait"),
    "planes": ("planes", "plane"),
    "my_page": ("my-page",),
    "show": ("show", "history", "why"),
    "tui": ("tui",),
    "events": ("events",),
    "daemon": ("daemon",),
    "serve": ("serve",),
    "relay": ("relay",),
    "intake": ("intake",),
    "status": ("status",),
    "demo": ("demo",),
    "importing": ("import",),
    "doctor": ("doctor",),
    "views": ("views",),
    "parked": ("parked",),
    "token": ("token",),
    "config": ("config",),
    "store": ("store",),
}
HELP = {"-h", "--help"}


def build(words: Sequence[str]) -> TyperGroup:
    """Build the tree of the commands that a command line may name.

    words: the command line without `airbook`; empty for the whole tree.
    """
    if {"--install-completion", "--show-completion"} & set(words):
        import_module("airbook.cli.framework.shell_scripts").use()
    app = group(help=root.__doc__, add_completion=True)
    app.callback()(root)
    for module in modules_for(words):
        import_module(f"airbook.cli.commands.{module}").register(app)
    if not HELP & set(words):
        keep_named(app, words)
    command = cast("TyperGroup", get_command(app))
    order = [name for names in MODULES.values() for name in names]
    command.commands = {name: command.commands[name] for name in order if name in command.commands}
    return command


def keep_named(app: typer.Typer, words: Sequence[str]) -> None:
    """Remove the commands that a command line does not name; keep all if it names none.

    Typer inspects the parameters of each command, which takes more time than parsing a line.
    """
    commands = [command for command in app.registered_commands if command.name in words]
    groups = [each for each in app.registered_groups if each.name in words]
    if commands or groups:
        app.registered_commands, app.registered_groups = commands, groups
    for each in groups:
        if each.typer_instance is not None:
            keep_named(each.typer_instance, words)


def modules_for(words: Sequence[str]) -> Sequence[str]:
    """Return the modules of the commands in a command line; all modules for help or for none."""
    named = [module for module, names in MODULES.items() if not set(names).isdisjoint(words)]
    return tuple(MODULES) if not named or HELP & set(words) else named


def show_version(asked: bool) -> None:
    """Print the version and end the run, if --version was given."""
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
    del version  # the callback show_version has used it
