"""A writer that keeps its store open: `reserve -`, which answers each line of its input."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import IO

from tests.faults.promises import Acknowledged, acknowledged_by
from tests.support.answers import Answer, answer_of
from tests.support.home import PATIENCE, Home


class Writer:
    """A running `reserve -`, and the reservations that it has acknowledged."""

    def __init__(
        self, process: subprocess.Popen[str], stdin: IO[str], stdout: IO[str], stderr: IO[str]
    ) -> None:
        self.process = process
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self.acknowledged: set[tuple[str, str]] = set()

    def ask(self) -> Acknowledged:
        """Write a line, and wait for its answer; returns nothing if the writer has ended."""
        with suppress(BrokenPipeError):
            self.stdin.write("1,kim\n")
            self.stdin.flush()
        told = acknowledged_by(Answer(0, self.stdout.readline(), ""), "reserve")
        self.acknowledged |= told
        return told

    def end(self) -> Answer:
        """End its input; returns what it has written since the last answer."""
        with suppress(BrokenPipeError):
            self.stdin.close()
        code = self.process.wait(PATIENCE)
        return answer_of(code, self.stdout.read().encode(), self.stderr.read().encode())


@contextmanager
def writing(home: Home) -> Generator[Writer]:
    """Run a writer for the duration of a block, and kill it at the end of the block."""
    command = home.command("reserve", "-", "-o", "plain")
    with subprocess.Popen(
        command,
        env=home.environment,
        cwd=home.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield Writer(process, process.stdin, process.stdout, process.stderr)
        finally:
            process.kill()
            with suppress(BrokenPipeError):
                process.stdin.close()
