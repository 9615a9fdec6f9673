"""Sentences for errors in a command line, which can be translated; Typer has English only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import typer

from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped

if TYPE_CHECKING:
    from typer._click.core import Context

# Typer reports these errors only as text. A text that matches no pattern is shown unchanged.
TYPER_MESSAGES = (
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


class UsageError(typer.BadParameter):
    """An argument or option that cannot be read, as an error of Typer."""

    def __init__(self, error: Mistyped, ctx: Context) -> None:
        """ctx: the context of the command that was called."""
        super().__init__(str(error), ctx=ctx)
        self.sentence = error.sentence
        self.values = error.values


class UsageMessage(NamedTuple):
    """The sentence about a usage error: English, with {placeholders} for values."""

    sentence: str
    values: Mapping[str, object]


def usage_message(error: typer.TyperException) -> UsageMessage:
    """Return the sentence for an error of Typer."""
    match type(error).__name__:
        case "UsageError" if isinstance(error, UsageError):
            return UsageMessage(error.sentence, error.values)
        case "MissingParameter":
            parameter = getattr(error, "param", None)
            name = parameter.opts[0] if parameter and parameter.opts else ""
            if not name.startswith("-"):
                name = getattr(parameter, "metavar", None) or name.upper()
            return UsageMessage(mark("{name} is missing."), {"name": name})
        case "NoSuchOption":
            name = getattr(error, "option_name", "")
            return UsageMessage(mark("There is no option {name}."), {"name": name})
        case _:
            return match_typer_message(str(error))


def match_typer_message(message: str) -> UsageMessage:
    """Return the sentence for a text of Typer; the text itself if no pattern matches."""
    for pattern, sentence in TYPER_MESSAGES:
        if found := pattern.fullmatch(message):
            return UsageMessage(sentence, found.groupdict())
    return UsageMessage("{message}", {"message": message})
