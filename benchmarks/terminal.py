"""A program on a terminal of its own, with the time at which a text appears."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from typing import Self

import pexpect
import psutil

ROWS, COLUMNS = 40, 120
PATIENCE_SECONDS = 30
COLOURS = re.compile(rb"\x1b\[[0-9;:]*m")


class Terminal:
    """A running program, whose output is searched for patterns."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.began = time.monotonic()
        self._process: pexpect.spawn[bytes] = pexpect.spawn(
            command[0], list(command[1:]), env=environment, dimensions=(ROWS, COLUMNS)
        )
        self._process.delaybeforesend = None
        self._drawn = b""

    def until(self, seen: bytes) -> float:
        """Read until a pattern appears after the last match; returns the monotonic time.

        seen: a regular expression for the output without colours. Raises TimeoutError.
        """
        pattern, deadline = re.compile(seen), time.monotonic() + PATIENCE_SECONDS
        while True:
            text = COLOURS.sub(b"", self._drawn)
            if found := pattern.search(text):
                self._drawn = text[found.end() :]
                return time.monotonic()
            if time.monotonic() > deadline:
                raise TimeoutError(seen, text[-500:])
            self._read(0.1)

    def rest(self, seconds: float) -> None:
        """Read for some seconds, and discard the output."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)
        self._drawn = b""

    def _read(self, seconds: float) -> None:
        try:
            self._drawn += self._process.read_nonblocking(65_536, timeout=seconds)
        except pexpect.TIMEOUT:
            return

    def press(self, keys: bytes) -> None:
        """Send keys or mouse events."""
        self._process.send(keys)

    @property
    def process(self) -> psutil.Process:
        """Return the process, to be measured."""
        return psutil.Process(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.press(b"\x11")  # Ctrl+Q
        try:
            self._process.expect_exact(pexpect.EOF, timeout=5)
        finally:
            self._process.close(force=True)
