"""A terminal whose screen can be read as text."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from typing import Self

import pexpect
import pyte

ROWS = 60
PATIENCE = 30.0


class Terminal:
    """A shell command line on a terminal of its own."""

    def __init__(
        self, command: str, environment: Mapping[str, str], columns: int, rows: int = ROWS
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._process: pexpect.spawn[str] = pexpect.spawn(
            "/bin/sh",
            ["-c", command],
            env=dict(environment),
            dimensions=(rows, columns),
            encoding="utf-8",
        )

    def lines(self) -> list[str]:
        """Return the lines of the screen, without trailing blanks and blank lines at the end."""
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        # `Screen.display` fails on half of a wide character.
        lines = ("".join(self._screen.buffer[y][x].data for x in columns) for y in rows)
        return "\n".join(line.rstrip() for line in lines).rstrip().splitlines()

    def until(self, shown: Callable[[list[str]], bool]) -> list[str]:
        """Read until a condition holds or the output ends; returns the lines of the screen."""
        deadline, has_ended = time.monotonic() + PATIENCE, False
        while time.monotonic() < deadline and not shown(self.lines()):
            try:
                self.take(self._process.read_nonblocking(65_536, timeout=0.1))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                if has_ended:
                    break
                # pexpect looks for output and then whether the process runs, so it may have missed
                # the last output.
                has_ended = True
        return self.lines()

    def take(self, written: str) -> None:
        """Draw the output of the command."""
        self._stream.feed(written)

    def end(self) -> list[str]:
        """Wait for the end of the command; returns the lines of the screen."""
        return self.until(lambda _: False)

    def press(self, keys: str) -> None:
        """Send keys, as a terminal encodes them."""
        self._process.send(keys)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.sendintr()
        self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.pid and self._process.isalive():
            os.killpg(self._process.pid, signal.SIGKILL)  # the shell and what it runs
            self._process.wait()
        self._process.close()
