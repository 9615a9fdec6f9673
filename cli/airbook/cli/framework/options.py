"""The global options, which every command accepts before or after its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from typer import Context
from typer.core import TyperOption

from airbook.application.settings import CHOICES
from airbook.application.text.labels import mark
from airbook.cli.framework.completion import complete_actors, complete_stores


class GlobalOption(NamedTuple):
    """One global option.

    name: the setting it changes. meaning: the value that a flag stands for, None for an option
    that takes a value.
    """

    name: str
    spellings: tuple[str, ...]
    metavar: str
    help: str
    meaning: str | None = None


GLOBAL_OPTIONS = (
    GlobalOption("home", ("--home",), "DIR", mark("The folder of the store and its views.")),
    GlobalOption("store", ("--store",), "URL", mark("The log: sqlite:///PATH or postgresql://….")),
    GlobalOption(
        "output",
        ("--output", "-o"),
        "FORMAT",
        mark("table, plain, json, jsonl or csv; table on a terminal, else plain."),
    ),
    GlobalOption("output", ("--json",), "", mark("The same as -o json."), meaning="json"),
    GlobalOption("lang", ("--lang",), "en|ko", mark("Language of labels.")),
    GlobalOption("color", ("--color",), "WHEN", mark("auto, always or never.")),
    GlobalOption("log_level", ("--log-level",), "LEVEL", mark("debug, info, warning or error.")),
    GlobalOption("actor", ("--actor",), "NAME", mark("Who acts; you by default.")),
    GlobalOption("config", ("--config",), "FILE", mark("Configuration file (TOML).")),
)


def scan(words: Sequence[str]) -> dict[str, str | None]:
    """Find the global options anywhere in a command line; returns their values by name.

    Typer reads options only up to the first usage error, and that error must obey them too.
    """
    values: dict[str, str | None] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            break
        if word == "--sort":
            next(rest, None)  # -origin is the name of a column, and not -o with a value
        spelling, joined, value = word.partition("=")
        for option in GLOBAL_OPTIONS:
            short = option.spellings[-1]
            if spelling in option.spellings:
                values[option.name] = option.meaning or (value if joined else next(rest, None))
            elif word.startswith(short) and not short.startswith("--"):
                values[option.name] = word.removeprefix(short)
    return values


def completion_of(name: str) -> Callable[[Context, Sequence[str], str], Iterable[str]]:
    """Return the function that lists the values of a setting, with the parameters of Typer's."""

    def complete(ctx: Context, _: Sequence[str], incomplete: str) -> Iterable[str]:
        if name == "store":
            return complete_stores(incomplete)
        if name == "actor":
            return complete_actors(ctx, incomplete)
        return (choice for choice in CHOICES.get(name, ()) if choice.startswith(incomplete))

    return complete


def as_parameters() -> list[TyperOption]:
    """Return the global options as Typer parameters, for parsing, help and completion.

    Their values are not passed to commands: `scan` has read them.
    """
    return [
        TyperOption(
            param_decls=[f"_{option.spellings[0].strip('-').replace('-', '_')}", *option.spellings],
            help=option.help,
            metavar=option.metavar or None,
            is_flag=option.meaning is not None or None,
            autocompletion=completion_of(option.name),
            expose_value=False,
        )
        for option in GLOBAL_OPTIONS
    ]
