"""Commands as we want them: global options everywhere, and help in both languages."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from gettext import gettext
from typing import TYPE_CHECKING, Any

import typer
from typer._click import core as click
from typer.core import TyperCommand, TyperGroup

from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import wrapped
from airbook.cli.framework.options import as_parameters
from airbook.cli.output.columns import columns
from airbook.cli.output.usage import Misused

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter

    from airbook.cli.framework.session import Session

INDENT = 2


class Speaking(click.Command):
    """What our commands and groups of commands share."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Add the global options to the command's own, all of them in the language chosen."""
        parameters = [*super().get_params(ctx), *as_parameters()]
        for parameter in parameters:
            parameter.help = labels_of(ctx)(getattr(parameter, "help", None) or "")  # type: ignore[attr-defined]
        return parameters

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the words of a command line."""
        with telling_usage(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401 -- whatever a command returns
        """Run the command."""
        with telling_usage(ctx):
            return super().invoke(ctx)

    def get_help_option_names(self, ctx: Context) -> list[str]:  # noqa: ARG002
        """Answer to both."""
        return ["-h", "--help"]

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the first line."""
        label, pieces = labels_of(ctx), " ".join(self.collect_usage_pieces(ctx))
        pieces = pieces.replace("{", "").replace("}", "")  # Typer's mark of a required argument
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{label(mark('Usage:'))} ")

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write what the command is for, and examples where it has some."""
        text, examples = summary(self), (self.help or "").partition("\n\n")[2]
        formatter.write_paragraph()
        for line in wrapped(labels_of(ctx)(text), formatter.width - INDENT):
            formatter.write(f"{'':{INDENT}}{line}\n")
        if examples:
            with formatter.section(labels_of(ctx)(mark("Examples"))):
                formatter.write("".join(f"  {line}\n" for line in examples.splitlines()))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write arguments, options, commands, and last the options every command takes."""
        label = labels_of(ctx)
        everywhere = {parameter.name for parameter in as_parameters()}
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            heading = mark("Options")
            if parameter.param_type_name == "argument":
                heading = mark("Arguments")
            elif parameter.name in everywhere:
                heading = mark("Global options")
            if record := parameter.get_help_record(ctx):
                sections.setdefault(heading, []).append(record)
        everywhere_section = sections.pop("Global options", [])
        for heading, records in sections.items():
            write_section(formatter, label(heading), records)
        write_section(formatter, label(mark("Commands")), self.summaries(ctx))
        write_section(formatter, label("Global options"), everywhere_section)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002
        """Tell what the command is for, where a shell offers to complete its name."""
        return gettext(summary(self))

    def summaries(self, ctx: Context) -> list[tuple[str, str]]:  # noqa: ARG002
        """List the commands below, a line each."""
        return []


class Command(Speaking, TyperCommand):
    """One command."""


class Group(Speaking, TyperGroup):
    """A command with commands below it; they are listed in the order they were written."""

    command_class = Command

    def summaries(self, ctx: Context) -> list[tuple[str, str]]:
        """List the commands, a line each."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [
            (name, labels_of(ctx)(summary(command)))
            for name, command in found
            if command is not None and not command.hidden
        ]


def summary(command: click.Command) -> str:
    """Tell what a command is for, in English: its help up to the examples."""
    return " ".join((command.help or "").partition("\n\n")[0].split())


@contextmanager
def telling_usage(ctx: Context) -> Generator[None]:
    """Turn a word that cannot be what it stands for into an error of usage, with its command."""
    try:
        yield
    except Mistyped as fault:
        raise Misused(fault, ctx) from fault


def labels_of(ctx: Context) -> Labels:
    """Find the language that was chosen for this run."""
    session: Session = ctx.find_root().obj
    return session.label


def write_section(formatter: HelpFormatter, heading: str, records: list[tuple[str, str]]) -> None:
    """Write a heading and what stands below it, if anything does."""
    if records:
        with formatter.section(heading):
            for line in columns(records, formatter.width - INDENT):
                formatter.write(f"{'':{INDENT}}{line}\n")


def group(*, help: str | None = None, add_completion: bool = False) -> typer.Typer:  # noqa: A002
    """Make a Typer whose commands speak."""
    return typer.Typer(
        cls=Group,
        help=help,
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=add_completion,
    )
