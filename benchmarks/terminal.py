"""A program on a terminal of its own, and when each thing was seen there."""

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
    """Begins a program and reads what it draws; nothing is made of it but a search for words."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.began = time.monotonic()
        self._process: pexpect.spawn[bytes] = pexpect.spawn(
            command[0], list(command[1:]), env=environment, dimensions=(ROWS, COLUMNS)
        )
        self._process.delaybeforesend = None
        self._drawn = b""

    def until(self, seen: bytes) -> float:
        """Read until something is seen behind what was seen before; returns when that was.

        seen: a regular expression for what is drawn, without its colours. Raises TimeoutError.
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
        """Let it draw for a while, and forget what it drew."""
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
        """Press keys, or drag the mouse."""
        self._process.send(keys)

    @property
    def process(self) -> psutil.Process:
        """Give the process, to be measured."""
        return psutil.Process(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.press(b"\x11")  # Ctrl+Q
        try:
            self._process.expect_exact(pexpect.EOF, timeout=5)
        finally:
            self._process.close(force=True)
