"""The real command, run in processes of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

PATIENCE = 30.0
VARYING = {
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"): "<time>",
    re.compile(r"\bc[0-9a-f]{16}\b"): "<customer>",
}
# What a terminal obeys: C0 but for newline, DEL, C1, the bidi controls, line and paragraph ends.
OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Answer(NamedTuple):
    """What a run came to. Times and customers' ids, checked by their form, read <time>, <customer>.

    raw: stdout as it was.
    """

    code: int
    out: str
    err: str
    raw: bytes = b""

    @property
    def document(self) -> Any:  # noqa: ANN401 -- JSON
        return json.loads(self.raw)


def without_what_varies(text: str) -> str:
    for pattern, word in VARYING.items():
        text = pattern.sub(word, text)
    return text


class Home:
    """`airbook …`, called as a person or a script does, never on a terminal."""

    def __init__(self, folder: Path) -> None:
        """folder: where it runs; its home is a folder in it."""
        self.folder = folder
        self.store = folder / "home" / "airbook.db"
        self.environment = {
            "AIRBOOK_HOME": str(self.store.parent),
            "AIRBOOK_CUSTOMER": "me",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "TZ": "UTC",
        }

    def command(self, *words: str | bytes) -> list[str | bytes]:
        return [sys.executable, "-m", "airbook.cli", *words]

    def with_settings(self, settings: Mapping[str, str | None]) -> dict[str, str]:
        """Change the environment: AIRBOOK_HOME=None removes it."""
        changed = {**self.environment, **settings}
        return {name: value for name, value in changed.items() if value is not None}

    def __call__(self, *words: str | bytes, **settings: str | None) -> Answer:
        """Run it to its end."""
        ran = subprocess.run(
            self.command(*words),
            env=self.with_settings(settings),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        out, err = ran.stdout.decode(), ran.stderr.decode()
        return Answer(
            ran.returncode, without_what_varies(out), without_what_varies(err), ran.stdout
        )

    def json(self, *words: str, **settings: str) -> Any:  # noqa: ANN401 -- JSON
        """Give the document of a run in which all went well."""
        answer = self(*words, "-o", "json", **settings)
        assert (answer.code, answer.err) == (0, ""), answer
        return answer.document

    def start(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        """Start it and leave it running."""
        return subprocess.Popen(
            self.command(*words),
            env=self.with_settings(settings),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def running(self, *words: str) -> Generator[subprocess.Popen[str]]:
        """Run it as long as the block lasts, and whatever becomes of the block."""
        with self.start(*words) as process:
            try:
                yield process
            finally:
                process.send_signal(signal.SIGCONT)
                process.kill()

    @contextmanager
    def daemon(self) -> Generator[subprocess.Popen[str]]:
        """Run a daemon that is ready to decide as long as the block lasts."""
        with self.running("daemon") as process:
            until(process, "ready")
            yield process


def until(process: subprocess.Popen[str], recorded: str) -> Mapping[str, Any]:
    """Read a daemon's log up to an event."""
    assert process.stderr is not None
    for line in process.stderr:
        said: dict[str, Any] = json.loads(line)
        if said["event"] == recorded:
            return said
    raise AssertionError(recorded)


def refused(answer: Answer) -> Sequence[str]:
    """Check that it was refused in one sentence, with a hint or without; returns the lines."""
    lines = answer.err.splitlines()
    assert answer.out == "", answer
    assert 1 <= len(lines) <= 2, answer
    assert len(lines) == 1 or lines[1].startswith("hint: "), answer
    assert "Traceback" not in answer.err
    assert not OBEYED.search(answer.err), answer
    return lines
