"""The command line, as far as the screens need it: what it knows, and how it is started."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct


class Verb(Struct, frozen=True):
    """One command.

    name: as it is typed, e.g. admin add-plane. summary: in the language chosen. usage: what
    follows the name. looks_back: it takes --as-of. writes: it changes the store, or may.
    """

    name: str
    summary: str
    usage: str
    looks_back: bool
    writes: bool

    @property
    def asks(self) -> bool:
        """Tell whether something must follow the name; what stands in brackets need not."""
        return bool(re.sub(r"\[[^\]]*\]", "", self.usage).strip())


class Shell(Struct, frozen=True, dict=True):
    """The command line in a process of its own.

    list_verbs: lists its commands, which takes a while. start: the words before a command line.
    environment: with the store that the screens show.
    """

    list_verbs: Callable[[], Sequence[Verb]]
    start: tuple[str, ...]
    environment: Mapping[str, str]

    @cached_property
    def verbs(self) -> Sequence[Verb]:
        """List the commands, in the order in which one meets them."""
        return self.list_verbs()

    def verb(self, words: Sequence[str]) -> Verb | None:
        """Find the command that a command line means."""
        named = [
            verb for verb in self.verbs if words[: len(verb.name.split())] == verb.name.split()
        ]
        return max(named, key=lambda verb: len(verb.name), default=None)

    def meant(self, words: Sequence[str]) -> Sequence[Verb]:
        """Find every command that a command line may mean.

        Behind options that come before the command, any word may be it, or the value of one.
        """
        begins = range(len(words)) if words and words[0].startswith("-") else range(1)
        return [verb for place in begins if (verb := self.verb(words[place:]))]

    def is_group(self, words: Sequence[str]) -> bool:
        """Tell whether words only name commands that have others below them; they show help."""
        begun = " ".join(word for word in words if word not in {"-h", "--help"})
        return any(verb.name.startswith(f"{begun} ") for verb in self.verbs)
