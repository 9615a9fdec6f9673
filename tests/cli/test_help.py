"""Help: every command has a summary, and examples that can be parsed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile

import pytest
from typer._click.core import Command, Context
from typer.core import TyperGroup

from airbook.cli.framework.app import build
from airbook.cli.framework.session import Session
from tests.cli.conftest import Inside


def commands(command: Command, *path: str) -> Iterator[tuple[str, ...]]:
    """List a command and all commands below it, by their full names."""
    yield path
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from commands(below, *path, name)


GROUPS = {("admin",), ("views",), ("parked",), ("config",), ("store",), ("token",)}
EVERY = list(commands(build([])))


def words_of(line: str) -> list[str]:
    """Split an example as a shell does, up to the first redirection or pipe."""
    return list(takewhile(lambda word: word not in {"<", "|"}, shlex.split(line)[1:]))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_says_what_it_is_for(inside: Inside, path: tuple[str, ...]):
    answer = inside(*path, "--help")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith(" ".join(["Usage: airbook", *path]))
    assert lines[2].strip()
    assert "--output FORMAT" in answer.out


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_example_can_be_parsed(inside: Inside, path: tuple[str, ...]):
    lines = [line.strip() for line in inside(*path, "--help").out.splitlines()]
    examples = [words_of(line) for line in lines if line.startswith("airbook ")]
    if path and path not in GROUPS:
        assert examples, path
    session = Session({}, inside.environment)
    for words in examples:
        command: Command = build(words)
        rest = list(words)
        while isinstance(command, TyperGroup):
            command = command.commands[rest.pop(0)]
        command.make_context("airbook", rest, parent=Context(command, obj=session))


def test_help_lists_the_commands_in_their_order(inside: Inside):
    lines = inside("--help").out.partition("Commands:")[2].partition("Global options:")[0]
    names = [line.split()[0] for line in lines.splitlines() if re.match(r"  \S", line)]
    assert names[:4] == ["admin", "reserve", "cancel", "wait"]
    assert names == list(dict.fromkeys(path[0] for path in EVERY if path))
