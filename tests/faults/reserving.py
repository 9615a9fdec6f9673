"""A process that goes on reserving: it has the store open while a fault is made."""

from __future__ import annotations

import subprocess

from tests.support.home import PATIENCE, Home


class Reserving:
    """A running `reserve -`."""

    def __init__(self, home: Home) -> None:
        self._process = subprocess.Popen(
            home.command("reserve", "-", "-o", "jsonl"),
            env=home.environment,
            cwd=home.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, line: str) -> str:
        """Write a line, and return the answer to it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def kill(self) -> None:
        """Kill the process, so that it closes nothing."""
        self._process.kill()
        self._process.communicate(timeout=PATIENCE)

    def end(self) -> tuple[int, str]:
        """Close the input; returns the exit code and what was written to stderr."""
        _, err = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, err
