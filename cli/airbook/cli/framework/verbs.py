"""What the command line knows, for the dashboard: every command, in one line each."""

from __future__ import annotations

from collections.abc import Iterator

from typer._click.core import Command, Context, Parameter
from typer.core import TyperArgument, TyperGroup, TyperOption

from airbook.application.text.labels import Labels
from airbook.cli.framework.app import build
from airbook.cli.framework.grammar import summary
from airbook.tui.session.shell import CommandSpec

SCREEN = "tui"
# What leaves the store as it is. Whatever is not named here is taken to change it.
READING = frozenset(
    {
        *("planes", "plane", "my-page", "show", "history", "why", "wait", "events"),
        *("status", "demo", "doctor", "views status", "parked list", "config show"),
        *("store status", "store check"),
    }
)


def verbs(label: Labels) -> tuple[CommandSpec, ...]:
    """List every command but the dashboard itself, in the order in which one meets them."""
    return tuple(
        CommandSpec(
            name,
            label(summary(command)),
            usage(command),
            looks_back=any("--as-of" in parameter.opts for parameter in command.params),
            writes=name not in READING,
        )
        for name, command in leaves(build([]))
        if name != SCREEN
    )


def leaves(command: Command, *path: str) -> Iterator[tuple[str, Command]]:
    """Walk the commands that do something, each with the words that call it."""
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from leaves(below, *path, name)
    else:
        yield " ".join(path), command


def usage(command: Command) -> str:
    """Write what follows the name of a command; in brackets what may be left out."""
    ctx = Context(command)
    return " ".join(piece(parameter, ctx) for parameter in command.params)


def piece(parameter: Parameter, ctx: Context) -> str:
    """Write one argument or option as it is typed."""
    if isinstance(parameter, TyperArgument):
        return parameter.make_metavar(ctx, usage=True).strip("{}")  # Typer's mark of a required one
    text = next(spelling for spelling in parameter.opts if spelling.startswith("--"))
    if not (isinstance(parameter, TyperOption) and parameter.is_flag):
        text = f"{text} {parameter.make_metavar(ctx)}"
    return text if parameter.required else f"[{text}]"
