"""Commands that run on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pexpect

from tests.support.home import PATIENCE, Home


def on_a_terminal(
    home: Home, *words: str, under: Sequence[str] = (), columns: str = "100", **settings: str
) -> pexpect.spawn[str]:
    """Start a command on a terminal.

    under: the program that starts it, with its options. columns: the width of the terminal.
    """
    command = [*under, *(cast("str", word) for word in home.command(*words))]
    return pexpect.spawn(
        command[0],
        command[1:],
        env=home.with_settings(settings),
        cwd=str(home.folder),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, int(columns)),
    )


def seen(
    home: Home, *words: str, under: Sequence[str] = (), columns: str = "100", **settings: str
) -> str:
    """Run a command to its end; returns everything that it wrote to the terminal."""
    settings = {"TERM": "xterm", **settings}
    terminal = on_a_terminal(home, *words, under=under, columns=columns, **settings)
    written = ""
    for _ in range(2):  # pexpect may miss what is written just before the end, and find it then
        terminal.expect(pexpect.EOF)
        written += cast("str", terminal.before)
    terminal.close()
    assert terminal.exitstatus == 0
    return written.replace("\r\n", "\n")
