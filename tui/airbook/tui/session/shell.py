"""The command line as the screens use it: its commands, and how to start it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct


class CommandSpec(Struct, frozen=True):
    """One command of the command line.

    name: the words that are typed, e.g. admin add-plane. summary: one sentence, in the language of
    the screen. usage: the arguments after the name. looks_back: whether the command has the option
    --as-of. writes: whether the command can change the store.
    """

    name: str
    summary: str
    usage: str
    looks_back: bool
    writes: bool

    @property
    def needs_arguments(self) -> bool:
        """Return whether the command has required arguments; those in brackets are optional."""
        return bool(re.sub(r"\[[^\]]*\]", "", self.usage).strip())


class Shell(Struct, frozen=True, dict=True):
    """The command line, run in a process of its own.

    list_commands: lists the commands; called once, because the call is slow. start: the program
    and its first arguments. environment: the environment of the process; it names the store that
    the screens show.
    """

    list_commands: Callable[[], Sequence[CommandSpec]]
    start: tuple[str, ...]
    environment: Mapping[str, str]

    @cached_property
    def commands(self) -> Sequence[CommandSpec]:
        """List the commands in the order of the help of the command line."""
        return self.list_commands()

    def command(self, words: Sequence[str]) -> CommandSpec | None:
        """Find the command whose name stands at the beginning of a command line."""
        named = [
            spec for spec in self.commands if words[: len(spec.name.split())] == spec.name.split()
        ]
        return max(named, key=lambda spec: len(spec.name), default=None)

    def possible_commands(self, words: Sequence[str]) -> Sequence[CommandSpec]:
        """Find every command that a command line can run.

        After an option that stands before the command, each word can be the command's name or the
        option's value.
        """
        begins = range(len(words)) if words and words[0].startswith("-") else range(1)
        return [spec for place in begins if (spec := self.command(words[place:]))]

    def is_group(self, words: Sequence[str]) -> bool:
        """Return whether words name a group of commands and no command; a group prints its help."""
        begun = " ".join(word for word in words if word not in {"-h", "--help"})
        return any(spec.name.startswith(f"{begun} ") for spec in self.commands)
