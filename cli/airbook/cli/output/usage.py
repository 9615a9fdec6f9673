"""What is wrong with a command line, in our own words: Typer's are English only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import typer

from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped

if TYPE_CHECKING:
    from typer._click.core import Context

# Typer says these in words alone. One it comes to say otherwise is shown as it is.
SAID_BY_TYPER = (
    (
        re.compile(r"No such command '(?P<name>.*)'\. Did you mean (?P<near>.*)\?"),
        mark("There is no command {name}. Did you mean {near}?"),
    ),
    (re.compile(r"No such command '(?P<name>.*)'\."), mark("There is no command {name}.")),
    (re.compile(r"Missing command\."), mark("A command is missing.")),
    (
        re.compile(r"Got unexpected extra argument\(s\) \((?P<words>.*)\)"),
        mark("Too many arguments: {words}"),
    ),
    (
        re.compile(r"Option '(?P<name>.*)' does not take a value\."),
        mark("The option {name} takes no value."),
    ),
    (
        re.compile(r"Option '(?P<name>.*)' requires an argument\."),
        mark("The option {name} needs a value."),
    ),
    (
        re.compile(r"(?P<value>'.*') is not one of (?P<choices>.*)\."),
        mark("{value} is not one of {choices}."),
    ),
)


class Misused(typer.BadParameter):
    """A word that cannot be what it stands for, as Typer has it. ctx: of the command it is for."""

    def __init__(self, fault: Mistyped, ctx: Context) -> None:
        super().__init__(str(fault), ctx=ctx)
        self.sentence = fault.sentence
        self.values = fault.values


class Fault(NamedTuple):
    """What is wrong. The sentence is English, with {placeholders} for values."""

    sentence: str
    values: Mapping[str, object]


def fault_of(error: typer.TyperException) -> Fault:
    """Find the words for a command line that is wrong."""
    match type(error).__name__:
        case "Misused" if isinstance(error, Misused):
            return Fault(error.sentence, error.values)
        case "MissingParameter":
            parameter = getattr(error, "param", None)
            name = parameter.opts[0] if parameter and parameter.opts else ""
            if not name.startswith("-"):
                name = getattr(parameter, "metavar", None) or name.upper()
            return Fault(mark("{name} is missing."), {"name": name})
        case "NoSuchOption":
            name = getattr(error, "option_name", "")
            return Fault(mark("There is no option {name}."), {"name": name})
        case _:
            return in_our_words(str(error))


def in_our_words(message: str) -> Fault:
    """Say what Typer said."""
    for said, sentence in SAID_BY_TYPER:
        if found := said.fullmatch(message):
            return Fault(sentence, found.groupdict())
    return Fault("{message}", {"message": message})
