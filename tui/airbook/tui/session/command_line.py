"""Functions that split and check a command line typed on a screen."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from airbook.application.text.labels import mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import shown
from airbook.tui.session.shell import Shell

HELP = {"-h", "--help", "--version"}


def split_unfinished(text: str) -> list[str]:
    """Split a command line into words; a quotation mark may still be open."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def checked_command_line(
    shell: Shell, words: Sequence[str], *, read_only: bool, as_of: int | None
) -> Sequence[str]:
    """Check a command line, and add --as-of to it while the screen shows the past.

    words: the command line. read_only: whether commands that write are refused. as_of: the position
    that the screen shows; None means now. Raises Mistyped if there is no such command, or if the
    command must not run here.
    """
    specs = shell.possible_commands(words)
    if not specs and not HELP.issuperset(words) and not shell.is_group(words):
        raise Mistyped(mark("There is no command {word}."), word=shown(" ".join(words)))
    for spec in specs:
        if spec.writes and read_only:
            sentence = mark("{name} changes the store, and this screen is read-only.")
            raise Mistyped(sentence, name=spec.name)
        if as_of is not None and not spec.looks_back:
            sentence = mark("{name} works on the present only: return from the past first.")
            raise Mistyped(sentence, name=spec.name)
    if as_of is None or not specs or any(word.startswith("--as-of") for word in words):
        return words
    place = next(i for i in range(len(words)) if shell.command(words[i:]))
    place += len(specs[0].name.split())
    return [*words[:place], "--as-of", str(as_of), *words[place:]]
