"""A running program, and its output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from tests.support.answers import Answer, answer_of
from tests.support.forked import Forked

SECONDS = 60.0
Started = subprocess.Popen[bytes] | Forked


class Output:
    """The file that a process writes to: a pipe could fill up and block it."""

    def __init__(self, has_ended: Callable[[], bool]) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed in `Process.end`
        self._has_ended = has_ended
        self._read = 0

    def contents(self) -> bytes:
        """Return everything that was written so far."""
        return os.pread(self.file.fileno(), os.fstat(self.file.fileno()).st_size, 0)

    def readline(self) -> str:
        """Wait for the next line; returns "" if the process ends without one."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            ended = self._has_ended()
            line, end, _ = self.contents()[self._read :].partition(b"\n")
            if end:
                self._read += len(line) + 1
                return f"{line.decode()}\n"
            if ended:
                return ""
            time.sleep(0.001)
        msg = f"no line within {SECONDS} s"
        raise AssertionError(msg)


class Process:
    """A process of a program."""

    def __init__(self, start: Callable[[IO[bytes], IO[bytes]], Started]) -> None:
        """start: starts the process with the files for stdout and stderr."""
        self.stdout, self.stderr = Output(self.has_ended), Output(self.has_ended)
        self.process = start(self.stdout.file, self.stderr.file)
        self.pid = self.process.pid
        self.answer: Answer | None = None

    @classmethod
    def of(
        cls, command: Sequence[str | bytes], environment: Mapping[str, str], folder: Path
    ) -> Self:
        """Start a program without input. folder: the working directory."""

        def start(stdout: IO[bytes], stderr: IO[bytes]) -> Started:
            return subprocess.Popen(
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )

        return cls(start)

    def said(self) -> str:
        """Return everything that was written to stderr so far."""
        return self.stderr.contents().decode()

    def wait_for_log(self, event: str) -> Mapping[str, Any]:
        """Read the log of a daemon up to a line with this event; returns the line."""
        while text := self.stderr.readline():
            line: dict[str, Any] = json.loads(text)
            if line["event"] == event:
                return line
        raise AssertionError(event)

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def send_signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> Answer:
        """Kill the process, and wait for its end."""
        self.process.kill()
        return self.end()

    def stop(self) -> Answer:
        """Ask the process to end, and wait for its end."""
        self.process.terminate()
        return self.end()

    def end(self, seconds: float = SECONDS) -> Answer:
        """Wait for the end of the process. Raises AssertionError after `seconds`."""
        if self.answer is None:
            with self.stdout.file, self.stderr.file:
                try:
                    code = self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()
                    msg = f"{self.process.args!r} did not end within {seconds} s: {self.said()}"
                    raise AssertionError(msg) from None
                self.answer = answer_of(code, self.stdout.contents(), self.stderr.contents())
        return self.answer
