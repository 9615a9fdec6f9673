"""The answer to a shell that asks what can be typed next: a line for each possibility.

A line has a kind, a tab, and a text. value: the text can be the word that is being typed, and a
space follows. open: the same, and more of the word follows. before: the beginning of the word,
which stays. files, folders: the shell lists paths itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, redirect_stderr
from io import StringIO

from typer import _completion_classes as typers
from typer._click.core import Command
from typer._click.shell_completion import CompletionItem, ShellComplete, split_arg_string

from airbook.application.errors import SettingError
from airbook.application.settings import CHOICES
from airbook.application.text.terminal import is_plain, visible
from airbook.cli.framework import bash_words
from airbook.cli.framework.app import build
from airbook.cli.framework.grammar import Group
from airbook.cli.framework.options import scan
from airbook.cli.framework.session import Session
from airbook.cli.framework.typed_line import Offer, TypedLine

COMMAND = "__complete"
TYPER_VARIABLE = "_AIRBOOK_COMPLETE"
OPEN_ENDS = ("/", ":", "=")
NOTHING = {"home": os.devnull, "config": os.devnull}  # settings without a file and a store
CLASSES: Mapping[str, type[ShellComplete]] = {
    "bash": typers.BashComplete,
    "zsh": typers.ZshComplete,
    "fish": typers.FishComplete,
    "powershell": typers.PowerShellComplete,
}
SHELL_SYNTAX = re.compile(r"""[\\$`"'()*?\[\]{}<>|&;!#~]""")
RELEVANT = ("home", "store", "config")


def complete(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Print what can be typed next; returns the exit code, which is 0 whatever goes wrong.

    words: `__complete`, the name of a shell, and what its script passes; Typer's scripts pass it in
    the environment.
    """
    try:
        with redirect_stderr(StringIO()):
            if words[:1] != [COMMAND]:
                return answer_typer(environment)
            for kind, *texts in ANSWERS[words[1]](*words[2:]):
                print(kind, *texts, sep="\t")
    except Exception:
        if environment.get("AIRBOOK_DEBUG"):
            raise
    return 0


def answer_typer(environment: Mapping[str, str]) -> int:
    """Answer a completion script of Typer, from PowerShell or from an earlier version of airbook.

    Returns the exit code, which tells fish whether to list files.
    """
    line = environment.get("COMP_WORDS") or environment.get("_TYPER_COMPLETE_ARGS") or ""
    shell = environment[TYPER_VARIABLE].removeprefix("complete_")
    with closing(session_for(split_arg_string(line))) as session:
        asked = CLASSES[shell](build([]), {"obj": session}, "airbook", TYPER_VARIABLE)
        find = asked.get_completions
        asked.get_completions = lambda args, incomplete: without_shell_syntax(  # type: ignore[method-assign]
            find(args, incomplete)
        )
        try:
            print(asked.complete())
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0


def without_shell_syntax(items: Sequence[CompletionItem]) -> list[CompletionItem]:
    """Leave out the values, and the characters of descriptions, that Typer's scripts evaluate."""
    return [
        CompletionItem(item.value, help=SHELL_SYNTAX.sub("", described(item)))
        for item in items
        if not SHELL_SYNTAX.search(item.value) and " " not in item.value
    ]


def session_for(words: Sequence[str]) -> Session:
    """Open a session with the settings of a line; one without a store if they are invalid.

    words: those before the one that is being typed.
    """
    flags = scan(words)
    relevant = {name: flags[name] for name in RELEVANT if flags.get(name)}
    lang = {"lang": flags["lang"]} if flags.get("lang") in CHOICES["lang"] else {}
    try:
        return Session({**relevant, **lang}, os.environ)
    except SettingError:
        return Session({**NOTHING, **lang}, {})


def offer(words: Sequence[str]) -> Offer:
    """Return what can stand in place of the last word. words: the line after `airbook`."""
    *complete_words, last = words
    with closing(session_for(complete_words)) as session:
        found = follow(build(complete_words), session, complete_words)
        if isinstance(found.ctx.command, Group) and len(complete_words) > 1:
            # A word may be a command for `build`, and is a value here.
            found = follow(build([]), session, complete_words)
        made = found.offer(last)
        return made._replace(items=[item for item in made.items if is_plain(item.value)])


def follow(root: Command, session: Session, words: Sequence[str]) -> TypedLine:
    """Follow the words of a line."""
    line = TypedLine(root, session)
    for word in words:
        line.add(word)
    return line


def for_bash(line: str, replaced: str) -> Iterator[tuple[str, ...]]:
    """Answer bash. line: up to the cursor. replaced: the part of it that a value replaces."""
    words = bash_words.split(line)
    made = offer([bash_words.unquote(word)[0] for word in words[1:]])
    for item in made.items:
        value = made.before + item.value
        yield kind_of(item), bash_words.replacement(value, words[-1], replaced)
    yield (made.paths,)


def for_zsh(*words: str) -> Iterator[tuple[str, ...]]:
    """Answer zsh, which shows values with descriptions, and quotes them. words: unquoted."""
    made = offer(words)
    yield "before", made.before
    for item in made.items:
        value, description = re.sub(r"[\\:]", r"\\\g<0>", item.value), described(item)
        yield kind_of(item), f"{value}:{description}" if description else value
    yield (made.paths,)


def for_fish(*words: str) -> Iterator[tuple[str, ...]]:
    """Answer fish, which shows values with descriptions, and quotes them. words: unquoted."""
    made = offer(words)
    for item in made.items:
        yield kind_of(item), made.before + item.value, described(item)
    yield (made.paths,)


def kind_of(item: CompletionItem) -> str:
    """Return how a line of the answer begins."""
    return "open" if item.value.endswith(OPEN_ENDS) else "value"


def described(item: CompletionItem) -> str:
    """Return the description of a value in one line."""
    return visible(" ".join((item.help or "").split()))


ANSWERS: Mapping[str, Callable[..., Iterator[tuple[str, ...]]]] = {
    "bash": for_bash,
    "zsh": for_zsh,
    "fish": for_fish,
}
