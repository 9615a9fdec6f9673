"""The Korean catalog, and the commands whose labels it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.pofile import read_po
from typer._click.core import Command
from typer.core import TyperGroup

from airbook.application.text import labels

CATALOG = Path(labels.FOLDER) / "ko" / "LC_MESSAGES" / "airbook.po"


HANGUL = re.compile(r"[가-힣]")


def commands(command: Command, *words: str) -> Iterator[tuple[tuple[str, ...], Command]]:
    """List a command and all commands below it, each with the words that call it."""
    yield words, command
    if isinstance(command, TyperGroup):
        for name, subcommand in command.commands.items():
            yield from commands(subcommand, *words, name)


def read_catalog() -> Mapping[str, str]:
    with CATALOG.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, abort_invalid=True) if one.id}


KOREAN = read_catalog()
