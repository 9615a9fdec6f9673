"""The real command on a terminal."""

from __future__ import annotations

from typing import cast

import pexpect

from tests.cli.play import PATIENCE, Home


def on_a_terminal(airbook: Home, *words: str, **settings: str) -> pexpect.spawn[str]:
    command = [cast("str", word) for word in airbook.command(*words)]
    return pexpect.spawn(
        command[0],
        command[1:],
        env=airbook.with_settings(settings),
        cwd=str(airbook.folder),
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, 100),
    )


def seen(airbook: Home, *words: str, **settings: str) -> str:
    """Run it to its end and give all that was written to the terminal."""
    terminal = on_a_terminal(airbook, *words, **{"TERM": "xterm", **settings})
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    return cast("str", terminal.before).replace("\r\n", "\n")
