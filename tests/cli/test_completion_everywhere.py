"""Every argument and option of every command, completed in bash, zsh and fish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from typer._click.core import Command, Context, Parameter
from typer.core import TyperArgument, TyperOption

from airbook.cli.commands.kafka_options import ADDRESSES, SETTINGS
from airbook.cli.framework.app import build
from airbook.cli.framework.command_catalog import leaves
from airbook.cli.framework.session import Session
from tests.cli.conftest import Inside
from tests.cli.shells import shell
from tests.cli.sorted_tables import SORTED
from tests.support.home import Home
from tests.support.stores import by_hand

FOLDERS, PATHS = ["home"], ["home", "two words.csv"]
RESERVATIONS = ["3", "2", "1"]
CUSTOMERS = ["Kim Lee", "O'Neil $(touch evil) `touch evil`", '김:"서연" \\']
# What is offered for a value, by the option, by the command and the metavar, or by the metavar.
OFFERED: Mapping[str, Sequence[str]] = {
    "--customer": CUSTOMERS,
    "--actor": ["me"],
    "--output": ["table", "plain", "json", "jsonl", "csv"],
    "--lang": ["en", "ko"],
    "--color": ["auto", "always", "never"],
    "--log-level": ["debug", "info", "warning", "error"],
    "parked retry RESERVATION": ["2"],
    "parked drop RESERVATION": ["2"],
    "ID": ["1", "2"],
    "PLANE": ["1", "2"],
    "RESERVATION": RESERVATIONS,
    "[VIEW]...": ["airplanes", "reservations", "history", "totals"],
    "DIR": FOLDERS,
    "FILE": PATHS,
    "URL": ["sqlite:///", "postgresql://"],
    "MOMENT": ["-5m", "-1h", "-1d", "yesterday"],
    "--expires": ["1d", "30d", "90d", "365d", "never"],
    "token create SUBJECT": CUSTOMERS,
    "token revoke TOKEN": ["1f0c22ab"],
    "ADDRESS": list(ADDRESSES),
    "NAME=VALUE": list(SETTINGS),
    "DURATION": ["500ms", "5s", "30s", "1m"],
    **{f"{name} COLUMN": table.fields for name, table in SORTED.items()},
    # Anything may be typed.
    "KEY": [],
    "N": [],
    "NAME": [],
    "HOST": [],
    "PORT": [],
    "POS": [],
    "TEXT": [],
    "TOPIC": [],
}


@pytest.fixture
def filled(inside: Inside) -> Home:
    """Return a home with airplanes, reservations of odd names, and a parked one."""
    inside("admin", "add-plane", "--seats", "5", "--name", "KE 907")
    inside("admin", "add-plane", "--seats", "2")
    for name in CUSTOMERS:
        inside("reserve", "1", "--customer", name)
    with by_hand(inside.store) as connection:
        connection.execute("INSERT INTO parked VALUES (2, 4, 'no: such thing', '-', 0, 0)")
    inside("token", "create", "check-in", "--role", "admin")
    with by_hand(inside.store.with_name("airbook.tokens.db")) as connection:
        connection.execute("UPDATE tokens SET id = '1f0c22ab'")
    (inside.folder / "two words.csv").touch()
    return inside


def context_of(command: Command) -> Context:
    """Return a context in which a command lists its parameters."""
    return Context(command, obj=Session({}, {}))


def values_of(command: Command) -> list[Parameter]:
    """List the arguments of a command, and its options that take a value; the global ones too."""
    return [
        parameter
        for parameter in command.get_params(context_of(command))
        if not (isinstance(parameter, TyperOption) and parameter.is_flag)
    ]


def options_of(command: Command, beginning: str) -> list[str]:
    """List the options of a command that begin with one dash or two; the global ones too."""
    parameters = command.get_params(context_of(command))
    found = [spelling for one in parameters for spelling in one.opts]
    return [spelling for spelling in found if spelling.startswith(beginning)]


def line_for(name: str, command: Command, parameter: Parameter) -> str:
    """Return a line whose last word, still empty, is the value of a parameter."""
    if isinstance(parameter, TyperOption):
        return f"airbook {name} {parameter.opts[-1]} "
    arguments = [one.name for one in command.params if isinstance(one, TyperArgument)]
    before = "1 " * arguments.index(parameter.name or "")
    return f"airbook {name} {before}"


def offered_for(name: str, parameter: Parameter) -> Sequence[str]:
    """Return what should be offered for the value of a parameter: its choices, or as OFFERED says.

    name: of the command.
    """
    choices = getattr(parameter.type, "choices", None)
    if choices is not None:
        return [str(choice) for choice in choices]
    metavar = getattr(parameter, "metavar", None)
    keys = (*parameter.opts, f"{name} {metavar}", metavar or "")
    found = [OFFERED[key] for key in keys if key in OFFERED]
    assert found, f"OFFERED must say what a shell offers for one of {keys}"
    return list(found[0])


def named(values: Sequence[str]) -> Sequence[str]:
    """Return paths in the order of their names, and folders as they are named without a slash."""
    return sorted(value.removesuffix("/") for value in values)


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_every_option_and_argument_of_every_command(filled: Home, name: str):
    offered: dict[str, Sequence[str]] = {}
    expected: dict[str, Sequence[str]] = {}
    with shell(name, filled) as (typed, program):
        for words, command in leaves(build([])):
            for parameter in values_of(command):
                line, values = line_for(words, command, parameter), offered_for(words, parameter)
                expected[line], found = values, typed.values(line)
                offered[line] = named(found) if values in (PATHS, FOLDERS) else found
            for beginning in ("-", "--"):
                line = f"airbook {words} {beginning}"
                expected[line] = sorted(options_of(command, beginning))
                offered[line] = sorted(typed.values(line))
    assert offered == expected
    assert not (filled.folder / "evil").exists()
    assert {(one.code, one.err) for one in program.answers.values()} == {(0, "")}
