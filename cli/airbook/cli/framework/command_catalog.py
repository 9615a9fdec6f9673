"""The list of all commands, which the dashboard offers behind `:`."""

from __future__ import annotations

from collections.abc import Iterator

from typer._click.core import Command, Context, Parameter
from typer.core import TyperArgument, TyperGroup, TyperOption

from airbook.application.text.labels import Labels
from airbook.cli.framework.app import build
from airbook.cli.framework.grammar import summary
from airbook.tui.session.shell import CommandSpec

DASHBOARD = "tui"
# The commands that do not change the store; any other command counts as a command that may.
READING = frozenset(
    {
        *("planes", "plane", "my-page", "show", "history", "why", "wait", "events"),
        *("status", "demo", "doctor", "views status", "parked list", "config show"),
        *("store status", "store check", "token list"),
    }
)


def list_commands(label: Labels) -> tuple[CommandSpec, ...]:
    """List every command except the dashboard itself, in the order of help."""
    return tuple(
        CommandSpec(
            name,
            label(summary(command)),
            usage(command),
            looks_back=any("--as-of" in parameter.opts for parameter in command.params),
            writes=name not in READING,
        )
        for name, command in leaves(build([]))
        if name != DASHBOARD
    )


def leaves(command: Command, *path: str) -> Iterator[tuple[str, Command]]:
    """List the commands below a command that are not groups, each with its full name."""
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from leaves(below, *path, name)
    else:
        yield " ".join(path), command


def usage(command: Command) -> str:
    """Return the arguments and options of a command; brackets mark the optional ones."""
    ctx = Context(command)
    return " ".join(usage_of(parameter, ctx) for parameter in command.params)


def usage_of(parameter: Parameter, ctx: Context) -> str:
    """Return one argument or option as it is typed."""
    if isinstance(parameter, TyperArgument):
        # Typer puts required arguments into braces.
        return parameter.make_metavar(ctx, usage=True).strip("{}")
    text = next(spelling for spelling in parameter.opts if spelling.startswith("--"))
    if not (isinstance(parameter, TyperOption) and parameter.is_flag):
        text = f"{text} {parameter.make_metavar(ctx)}"
    return text if parameter.required else f"[{text}]"
