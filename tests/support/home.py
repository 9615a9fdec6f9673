"""A home of its own for the real program: commands as processes, a real store, a real daemon."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from airbook.application.airbook import Airbook
from airbook.application.stores.postgres import PostgresStore
from airbook.application.stores.sqlite import SQLiteStore
from airbook.application.stores.store import Store
from airbook.cli.main import main
from airbook.eventlog.records import Customer, Transaction
from airbook.eventlog.sqlite import lease
from airbook.eventlog.sqlite.creating import create_file
from tests.support.answers import Answer, answer_of
from tests.support.forked import fork
from tests.support.running import Process
from tests.support.stores import execute, open_log
from tests.support.stories import CUSTOMERS, FIVE_SEATS_SIX_CUSTOMERS, NINE, record
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
PATIENCE = 100.0  # seconds, a hang: a busy machine takes 30 s for the story
SUFFIXES = ("", "-wal", "-shm", "-journal")


@cache
def five_seats_file(customers: Sequence[str]) -> bytes:
    """Record the story of five seats; returns the file, which is quicker to write again."""
    with TemporaryDirectory() as folder:
        store = Path(folder, "airbook.db")
        with open_log(store) as log:
            record(log, *FIVE_SEATS_SIX_CUSTOMERS)
            for number, name in enumerate(customers, 1):
                customer = Customer(f"customer {number}", name)
                log.append(Transaction(at=NINE, customer=customer))
        return store.read_bytes()


class Home:
    """A folder in which commands run; their store is a file in it, or a database of a server.

    path: the value of AIRBOOK_HOME. environment: that of every command. store, views, lease: the
    files of a store without a server.
    """

    def __init__(self, folder: Path, url: str | None = None, *, anew: bool = False) -> None:
        """folder: is made if it is missing. url: of the database; None means files.

        anew: each command starts an interpreter, instead of a fork of one that has loaded airbook.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.anew = anew
        self.folder = folder
        self.url = url
        self.path = folder / "home"
        self.store = self.path / "airbook.db"
        self.views = self.path / "airbook.views.db"
        self.lease = self.path / "airbook.db.daemon"
        self.environment = {
            "AIRBOOK_HOME": str(self.path),
            "AIRBOOK_ACTOR": "me",
            "AIRBOOK_CUSTOMER": "me",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "TZ": "UTC",
        }
        if url is not None:
            self.environment["AIRBOOK_STORE"] = url

    @property
    def kept(self) -> Store:
        """Return the store, to be opened in this process."""
        return SQLiteStore(self.store) if self.url is None else PostgresStore(self.url)

    def databases(self) -> list[Path]:
        """List every file that SQLite writes for log and views, present or not."""
        return [Path(f"{file}{suffix}") for file in (self.store, self.views) for suffix in SUFFIXES]

    def copy(self, folder: Path) -> Home:
        """Copy the files of a store that no process has open."""
        copied = Home(folder)
        if self.path.exists():
            shutil.copytree(self.path, copied.path)
        return copied

    def record_five_seats(self, customers: Sequence[str] = CUSTOMERS) -> None:
        """Store the story of five seats and six customers, a millisecond for each event.

        The store must have no events. As every log, this one gets an identity of its own.
        """
        create_file(self.store)
        self.store.write_bytes(five_seats_file(tuple(customers)))
        execute(self.store, "UPDATE identity SET id = lower(hex(randomblob(8)))")

    def command(self, *words: str | bytes) -> list[str | bytes]:
        """Return the arguments of the process that runs a command."""
        return [sys.executable, "-m", "airbook.cli", *words]

    def with_settings(self, settings: Mapping[str, str | None]) -> dict[str, str]:
        """Return the environment with changes: AIRBOOK_HOME=None removes AIRBOOK_HOME."""
        changed = {**self.environment, **settings}
        return {name: value for name, value in changed.items() if value is not None}

    def __call__(self, *words: str | bytes, **settings: str | None) -> Answer:
        """Run a command in a process of its own, and wait for its end."""
        return self._begin(words, settings).end(PATIENCE)

    def json(self, *words: str, **settings: str) -> Any:  # noqa: ANN401 -- JSON
        """Run a command that must succeed; returns its JSON document."""
        answer = self(*words, "-o", "json", **settings)
        assert (answer.code, answer.err) == (0, ""), answer
        return answer.document

    def here(self, *words: str | bytes, **settings: str | None) -> Answer:
        """Run a command in this process, which is quicker."""
        out, err = io.StringIO(), io.StringIO()
        with (
            chdir(self.folder),
            mock.patch.dict(os.environ, self.with_settings(settings), clear=True),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = main([os.fsdecode(word) for word in words])
        written = (text.getvalue().encode("utf-8", "backslashreplace") for text in (out, err))
        return answer_of(code, *written)

    def start(self, *words: str, under: Sequence[str] = (), **settings: str | None) -> Process:
        """Start a command. under: the program that starts it, such as strace, with its options."""
        return self._begin(words, settings, under)

    def _begin(
        self,
        words: Sequence[str | bytes],
        settings: Mapping[str, str | None],
        under: Sequence[str] = (),
    ) -> Process:
        environment = self.with_settings(settings)
        if under or self.anew:
            return Process.of([*under, *self.command(*words)], environment, self.folder)
        return Process(partial(fork, words, environment, self.folder))

    def start_module(self, module: str, *words: str) -> Process:
        """Start a module of the tests as a program."""
        environment = {**self.environment, "PYTHONPATH": str(ROOT)}
        return Process.of([sys.executable, "-m", module, *words], environment, self.folder)

    def run(self, *words: str, under: Sequence[str] = ()) -> Answer:
        """Run a command under another program, such as strace, and wait for its end."""
        return self.start(*words, under=under).end()

    @contextmanager
    def running(self, *words: str) -> Generator[Process]:
        """Run a command for the duration of a block, and kill it at the end of the block."""
        process = self.start(*words)
        try:
            yield process
        finally:
            process.kill()

    @contextmanager
    def daemon(self, *, under: Sequence[str] = ()) -> Generator[Process]:
        """Run a daemon for the duration of a block.

        It must end with exit code 0 when it is asked to, unless the block has ended it.
        """
        process = self.start("daemon", under=under)
        try:
            until(lambda: self.daemon_pid() is not None, "a daemon to run")
            yield process
        finally:
            ended_by_block = process.answer is not None
            if not ended_by_block:
                process.send_signal(signal.SIGCONT)
            answer = process.stop()
        assert ended_by_block or answer.code == 0, answer

    def daemon_pid(self) -> int | None:
        """Return the process id of the daemon that decides; None if no daemon does."""
        if self.url is None:
            heartbeat = lease.live_heartbeat(self.lease)
        else:
            with self.airbook() as airbook:
                heartbeat = airbook.heartbeat()
        return None if heartbeat is None else heartbeat.pid

    def airbook(self) -> Airbook:
        """Open the store in this process."""
        return Airbook(self.kept)
