"""A real terminal, tmux: it draws a command's output, and can be read, typed to and resized."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pexpect

from tests.support.home import PATIENCE, Home

COLUMNS, ROWS = 80, 24
POLL_SECONDS = 0.05


class Tmux:
    """A tmux server with one pane, in which one command of airbook runs."""

    def __init__(self, socket: Path, environment: Mapping[str, str]) -> None:
        assert shutil.which("tmux"), "These tests need tmux: apt-get install tmux"
        self.start = ["tmux", "-f", "/dev/null", "-S", str(socket)]
        self.environment = dict(environment)

    def run(self, *words: str) -> str:
        """Run a command of tmux, and return its output."""
        ran = subprocess.run(
            [*self.start, *words],
            env=self.environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        return ran.stdout

    def lines(self) -> list[str]:
        """Return the displayed lines."""
        return self.run("capture-pane", "-p").splitlines()

    def colours(self) -> str:
        """Return the displayed text with the sequences of its colours."""
        return self.run("capture-pane", "-e", "-p")

    def shows(self, *texts: str) -> Sequence[str]:
        """Wait until each text is displayed, and return all lines."""
        deadline = time.monotonic() + PATIENCE
        while True:
            lines = self.lines()
            missing = [text for text in texts if not any(text in line for line in lines)]
            if not missing:
                return lines
            assert time.monotonic() < deadline, (missing, lines)
            time.sleep(POLL_SECONDS)

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self.run("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        """Resize the window."""
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    @contextmanager
    def attached(self) -> Generator[pexpect.spawn[str]]:
        """Attach a terminal of the pane's size, for clicks."""
        command, *words = [*self.start, "attach"]
        environment = {**self.environment, "TERM": "xterm-256color"}
        terminal: pexpect.spawn[str] = pexpect.spawn(
            command,
            words,
            env=environment,
            dimensions=(ROWS, COLUMNS),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        try:
            terminal.expect_exact("\x1b[?1006h")  # tmux enables mouse reports
            yield terminal
        finally:
            terminal.close(force=True)

    def place(self, text: str) -> tuple[int, int]:
        """Return the column and the row in which a text begins, counted from 1."""
        lines = enumerate(self.lines(), 1)
        return next((line.index(text) + 1, row) for row, line in lines if text in line)


@contextmanager
def in_tmux(home: Home, *words: str, **settings: str) -> Generator[Tmux]:
    """Run a command in a pane of 80 columns and 24 rows while the block runs."""
    command = shlex.join(str(word) for word in home.command(*words))
    known = {"LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", **settings}
    with tempfile.TemporaryDirectory(prefix="airbook-") as folder:  # a short path, for a socket
        tmux = Tmux(Path(folder, "tmux"), home.with_settings({**known}))
        size = ("-x", str(COLUMNS), "-y", str(ROWS))
        options = ("set", "-g", "status", "off", ";", "set", "-g", "mouse", "on")
        tmux.run("new-session", "-d", *size, command, ";", *options)
        try:
            yield tmux
        finally:
            tmux.run("kill-server")
