"""The options every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from typer.core import TyperOption

from airbook.application.settings import CHOICES
from airbook.application.text.labels import mark


class GlobalOption(NamedTuple):
    """One option; a flag that means something else has a value of its own."""

    name: str
    spellings: tuple[str, ...]
    metavar: str
    help: str
    meaning: str | None = None


GLOBAL_OPTIONS = (
    GlobalOption("home", ("--home",), "DIR", mark("Where everything is kept.")),
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
    GlobalOption("config", ("--config",), "FILE", mark("Configuration file (TOML).")),
)


def scan(words: Sequence[str]) -> dict[str, str | None]:
    """Read the global options wherever they stand, so that even a usage error obeys them."""
    said: dict[str, str | None] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            break
        spelling, joined, value = word.partition("=")
        for option in GLOBAL_OPTIONS:
            short = option.spellings[-1]
            if spelling in option.spellings:
                said[option.name] = option.meaning or (value if joined else next(rest, None))
            elif word.startswith(short) and not short.startswith("--"):
                said[option.name] = word.removeprefix(short)
    return said


def choices(name: str, incomplete: str) -> list[str]:
    """Complete what has a few values only."""
    return [choice for choice in CHOICES.get(name, ()) if choice.startswith(incomplete)]


def as_parameters() -> list[TyperOption]:
    """Describe them to the parser, to help and to completion; what was said, `scan` has read."""
    return [
        TyperOption(
            param_decls=[f"_{option.spellings[0].strip('-').replace('-', '_')}", *option.spellings],
            help=option.help,
            metavar=option.metavar or None,
            is_flag=option.meaning is not None or None,
            autocompletion=partial(choices, option.name),
            expose_value=False,
        )
        for option in GLOBAL_OPTIONS
    ]
