"""A home of its own for the real program: commands as processes, a real store, a real daemon."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from airbook.application.airbook import Airbook
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.cli.main import main
from airbook.eventlog.sqlite import lease

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
SUFFIXES = ("", "-wal", "-shm", "-journal")


class Done(NamedTuple):
    """How a command ended: its exit code (below 0: the signal that ended it), stdout, stderr."""

    code: int
    out: str
    err: str


class Process:
    """A program at work. It writes to files, so that it never waits for somebody to read."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.command = command
        self.out = tempfile.TemporaryFile()  # noqa: SIM115 -- closed in `end`
        self.err = tempfile.TemporaryFile()  # noqa: SIM115 -- closed in `end`
        self.process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self.out,
            stderr=self.err,
        )
        self.pid = self.process.pid

    def said(self) -> str:
        """Read what it has written to stderr so far."""
        return os.pread(self.err.fileno(), os.fstat(self.err.fileno()).st_size, 0).decode()

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def kill(self) -> Done:
        self.process.kill()
        return self.end()

    def stop(self) -> Done:
        """Ask it to end, and wait."""
        self.process.terminate()
        return self.end()

    def end(self, seconds: float = SECONDS) -> Done:
        """Wait for it to end, at most that long."""
        with self.out, self.err:
            try:
                code = self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                msg = f"{self.command} did not end within {seconds} s: {self.said()}"
                raise AssertionError(msg) from None
            self.out.seek(0)
            return Done(code, self.out.read().decode(), self.said())


class Home:
    """A folder that `airbook` is told to keep everything in, or a database of a server."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """url: of the database; None means files in the folder."""
        self.folder = folder
        self.url = url
        self.store = folder / "airbook.db"
        self.views = folder / "airbook.views.db"
        self.lease = folder / "airbook.db.daemon"

    @property
    def kept(self) -> Store:
        """Give the store, to be opened in this process."""
        return SQLiteStore(self.store) if self.url is None else PostgresStore(self.url)

    @property
    def environment(self) -> dict[str, str]:
        """Say where home is, and keep everything out that a developer may have set."""
        elsewhere = {} if self.url is None else {"AIRBOOK_STORE": self.url}
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRBOOK_", "LC_", "LANG", "PYTHONDONTWRITE"))
        }
        return {
            **kept,
            **elsewhere,
            "AIRBOOK_HOME": str(self.folder),
            "AIRBOOK_LANG": "en",
            "AIRBOOK_CUSTOMER": "kim",
            "XDG_CONFIG_HOME": str(self.folder / "no-config"),
            "PYTHONPATH": str(ROOT),
        }

    def databases(self) -> list[Path]:
        """Name every file that SQLite writes for log and views, there or not."""
        return [Path(f"{file}{suffix}") for file in (self.store, self.views) for suffix in SUFFIXES]

    def copy(self, folder: Path) -> Home:
        """Copy it as it stands; nobody may be writing."""
        if self.folder.exists():
            shutil.copytree(self.folder, folder)
        return Home(folder)

    def start(self, *words: str, under: Sequence[str] = ()) -> Process:
        """Start a command of airbook; under: what starts it, such as strace, with its options."""
        return self.start_module("airbook.cli", *words, under=under)

    def start_module(self, module: str, *words: str, under: Sequence[str] = ()) -> Process:
        """Start a module as a program."""
        return Process([*under, sys.executable, "-m", module, *words], self.environment)

    def run(self, *words: str, under: Sequence[str] = ()) -> Done:
        """Run a command of airbook in a process of its own."""
        return self.start(*words, under=under).end()

    def here(self, *words: str) -> Done:
        """Run a command of airbook in this process, which is quicker."""
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self.environment, clear=True),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = main(words)
        return Done(code, out.getvalue(), err.getvalue())

    def airbook(self) -> Airbook:
        return Airbook(self.kept)

    @contextmanager
    def daemon(self, *, under: Sequence[str] = ()) -> Generator[Process]:
        """Have a daemon decide for as long as the block lasts; it must stop politely."""
        process = self.start("daemon", under=under)
        try:
            until(lambda: self.daemon_pid() is not None, "a daemon to run")
            yield process
        finally:
            done = process.stop()
        assert done.code == 0, done

    def daemon_pid(self) -> int | None:
        """Tell which process decides."""
        if self.url is None:
            heartbeat = lease.live_heartbeat(self.lease)
        else:
            with self.airbook() as airbook:
                heartbeat = airbook.heartbeat()
        return None if heartbeat is None else heartbeat.pid


def until(true: Callable[[], bool], what: str, seconds: float = SECONDS) -> float:
    """Wait until something is true, and tell how many seconds it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"waited {seconds} s in vain for {what}"
        time.sleep(0.001)
    return time.monotonic() - begun
