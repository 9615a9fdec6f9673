"""The classes of commands: they accept global options, and their help has both languages."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from gettext import gettext
from typing import TYPE_CHECKING, Any

import typer
from typer._click import core as click
from typer.core import TyperCommand, TyperGroup, TyperOption

from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import wrapped
from airbook.cli.framework.options import as_parameters

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter

    from airbook.cli.framework.session import Session

INDENT = 2


class LocalizedCommand(click.Command):
    """The base of commands and groups of commands."""

    @cached_property
    def _global_options(self) -> list[TyperOption]:
        """Build the global options once: Typer asks a command for its parameters several times."""
        return as_parameters()

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters of the command and the global options, with translated help."""
        parameters = [*super().get_params(ctx), *self._global_options]
        for parameter in parameters:
            parameter.help = labels_of(ctx)(getattr(parameter, "help", None) or "")  # type: ignore[attr-defined]
        return parameters

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse the arguments of the command. Raises UsageError."""
        with mistyped_as_usage_error(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 -- whatever a command returns
        """Run the command. Raises UsageError."""
        with mistyped_as_usage_error(ctx):
            return super().invoke(ctx)

    def get_help_option_names(self, ctx: Context) -> list[str]:  # noqa: ARG002
        """Return the options that show help."""
        return ["-h", "--help"]

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the line that shows how the command is called."""
        label, pieces = labels_of(ctx), " ".join(self.collect_usage_pieces(ctx))
        pieces = pieces.replace("{", "").replace("}", "")  # Typer puts required arguments in braces
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{label(mark('Usage:'))} ")

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the summary of the command, and its examples if it has any."""
        text, examples = summary(self), (self.help or "").partition("\n\n")[2]
        formatter.write_paragraph()
        for line in wrapped(labels_of(ctx)(text), formatter.width - INDENT):
            formatter.write(f"{'':{INDENT}}{line}\n")
        if examples:
            with formatter.section(labels_of(ctx)(mark("Examples"))):
                formatter.write("".join(f"  {line}\n" for line in examples.splitlines()))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the sections of arguments, options, commands and global options, in this order."""
        label = labels_of(ctx)
        global_names = {parameter.name for parameter in self._global_options}
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            heading = mark("Options")
            if parameter.param_type_name == "argument":
                heading = mark("Arguments")
            elif parameter.name in global_names:
                heading = mark("Global options")
            if record := parameter.get_help_record(ctx):
                sections.setdefault(heading, []).append(record)
        global_section = sections.pop("Global options", [])
        for heading, records in sections.items():
            write_section(formatter, label(heading), records)
        write_section(formatter, label(mark("Commands")), self.summaries(ctx))
        write_section(formatter, label("Global options"), global_section)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002
        """Return the summary that a shell shows while it completes the name of the command."""
        return gettext(summary(self))

    def summaries(self, ctx: Context) -> list[tuple[str, str]]:  # noqa: ARG002
        """Return the name and summary of each subcommand; a plain command has none."""
        return []


class Command(LocalizedCommand, TyperCommand):
    """One command."""


class Group(LocalizedCommand, TyperGroup):
    """A group of commands; its help lists them in the order of their registration."""

    command_class = Command

    def summaries(self, ctx: Context) -> list[tuple[str, str]]:
        """Return the name and summary of each subcommand."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [
            (name, labels_of(ctx)(summary(command)))
            for name, command in found
            if command is not None and not command.hidden
        ]


def summary(command: click.Command) -> str:
    """Return the English summary of a command: its help text up to the examples."""
    return " ".join((command.help or "").partition("\n\n")[0].split())


@contextmanager
def mistyped_as_usage_error(ctx: Context) -> Generator[None]:
    """Turn Mistyped into UsageError, which names the command in its hint."""
    try:
        yield
    except Mistyped as error:
        from airbook.cli.output.usage import UsageError

        raise UsageError(error, ctx) from error


def labels_of(ctx: Context) -> Labels:
    """Return the labels of the language of this run."""
    session: Session = ctx.find_root().obj
    return session.label


def write_section(formatter: HelpFormatter, heading: str, records: list[tuple[str, str]]) -> None:
    """Write a heading and its records in two columns; write nothing if there are no records."""
    if records:
        from airbook.cli.output.columns import columns

        with formatter.section(heading):
            for line in columns(records, formatter.width - INDENT):
                formatter.write(f"{'':{INDENT}}{line}\n")


def group(*, help: str | None = None, add_completion: bool = False) -> typer.Typer:  # noqa: A002
    """Create a Typer application whose commands have translated help.

    help: the English summary. add_completion: adds the options that install shell completion.
    """
    return typer.Typer(
        cls=Group,
        help=help,
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=add_completion,
    )
