"""What a shell can offer for the last word of a command line that is being typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from typer._click.core import Command, Context, Parameter
from typer._click.shell_completion import CompletionItem
from typer.core import TyperArgument, TyperGroup, TyperOption

from airbook.cli.framework.session import Session

PATHS = {"FILE": "files", "DIR": "folders"}  # by metavar; shells complete paths themselves


class Offer(NamedTuple):
    """What can stand in place of the last word.

    before: the beginning of the word that names an option, such as --output=, and stays as it is.
    items: the values that can follow it. paths: "files" or "folders" if the value is a path.
    """

    before: str = ""
    items: Sequence[CompletionItem] = ()
    paths: str = ""


class TypedLine:
    """Follows the words of a command line: which command they call, and what they have given.

    Typer's own resolver parses the line, and loses the rest of it at the first error.
    """

    def __init__(self, root: Command, session: Session) -> None:
        """root: the command `airbook`. session: of the global options in the line."""
        self.ctx = Context(root, info_name="airbook", obj=session)
        self._given: set[str] = set()
        self._awaiting: TyperOption | None = None
        self._arguments = 0
        self._only_arguments = False

    def add(self, word: str) -> None:
        """Follow one more word that is complete."""
        command = self.ctx.command
        below = command.get_command(self.ctx, word) if isinstance(command, TyperGroup) else None
        if self._awaiting:
            self._awaiting = None
        elif self._is_option(word) and word != "-":
            self._add_option(word)
        elif below is not None:
            self.ctx = Context(below, info_name=word, parent=self.ctx)
            self._only_arguments = False
        else:
            self._arguments += 1

    def _add_option(self, word: str) -> None:
        self._only_arguments = word == "--"
        option, _, value = self._split(word)
        if option is not None:
            self._given.update(option.opts)
            self._awaiting = option if value is None and takes_value(option) else None

    def offer(self, word: str) -> Offer:
        """Return what can stand in place of the last word. word: what is typed of it so far."""
        if self._awaiting:
            return offer_values(self.ctx, self._awaiting, "", word)
        if not self._is_option(word):
            argument = self._next_argument()
            if argument is not None:
                return offer_values(self.ctx, argument, "", word)
            if word.startswith("-"):
                return Offer()
            return Offer(items=self.ctx.command.shell_complete(self.ctx, word))
        option, before, value = self._split(word)
        if option is not None and value is not None and takes_value(option):
            return offer_values(self.ctx, option, before, value)
        names = self.ctx.command.shell_complete(self.ctx, word)
        return Offer(items=[item for item in names if item.value not in self._given])

    def _is_option(self, word: str) -> bool:
        return word.startswith("-") and not self._only_arguments

    def _split(self, word: str) -> tuple[TyperOption | None, str, str | None]:
        """Split a word into its option, the text before the value, and the value if it has one."""
        parameters = self.ctx.command.get_params(self.ctx)
        options = {
            spelling: option
            for option in parameters
            if isinstance(option, TyperOption)
            for spelling in option.opts
        }
        name, joined, value = word.partition("=")
        if word.startswith("--") or name in options:
            return options.get(name), name + joined, value if joined else None
        for end in range(2, len(word) + 1):  # flags may share a dash: -fojson
            option = options.get(f"-{word[end - 1]}")
            if option is None or takes_value(option):
                return option, word[:end], word[end:] or None
        return None, word, None

    def _next_argument(self) -> TyperArgument | None:
        parameters = self.ctx.command.get_params(self.ctx)
        arguments = [one for one in parameters if isinstance(one, TyperArgument)]
        if self._arguments < len(arguments):
            return arguments[self._arguments]
        return arguments[-1] if arguments and arguments[-1].nargs == -1 else None


def takes_value(option: TyperOption) -> bool:
    """Return whether a value must follow an option."""
    return not option.is_flag and not option.count


def offer_values(ctx: Context, parameter: Parameter, before: str, value: str) -> Offer:
    """Return the values of one option or argument. value: what is typed of it so far."""
    metavar = getattr(parameter, "metavar", None)
    if metavar in PATHS:
        return Offer(before, paths=PATHS[metavar])
    return Offer(before, parameter.shell_complete(ctx, value))
