"""Work in forked children: a few at a time, each with a time limit and a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Generic, NamedTuple, NoReturn, TypeVar

Job = TypeVar("Job")
BROKEN = 70  # the child's exit code if the tool itself failed, not the tests


class Ending(NamedTuple, Generic[Job]):
    """How one child ended. code: of its exit; negative if a signal ended it. said: its answer."""

    job: Job
    code: int
    said: str


class Children(Generic[Job]):
    """Children that do one job each.

    work: does a job in the child, and returns the exit code. It gets the folder of the child, and
    writes an answer into the file `said` there.
    """

    def __init__(self, work: Callable[[Job, Path], int], at_once: int) -> None:
        self.work = work
        self.at_once = at_once
        self.running = dict[int, tuple[Job, Path]]()

    def run(self, jobs: Iterable[Job]) -> Generator[Ending[Job]]:
        """Start a child for each job; returns the endings in the order in which they come."""
        try:
            for job in jobs:
                if len(self.running) == self.at_once:
                    yield self._next_ending()
                self._start(job)
            while self.running:
                yield self._next_ending()
        finally:
            for pid, (_, folder) in self.running.items():
                kill_group(pid)
                os.waitpid(pid, 0)
                shutil.rmtree(folder, ignore_errors=True)

    def _start(self, job: Job) -> None:
        if threading.active_count() > 1:  # a child would wait forever for a lock of such a thread
            raise RuntimeError(f"threads run in the parent: {threading.enumerate()}")
        folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        pid = os.fork()
        if pid == 0:
            self._work_and_exit(job, folder)
        with suppress(OSError):  # the child did it first, and may have ended since
            os.setpgid(pid, pid)
        self.running[pid] = job, folder

    def _work_and_exit(self, job: Job, folder: Path) -> NoReturn:
        code = BROKEN
        try:
            with suppress(OSError):
                os.setpgid(0, 0)
            silence()
            os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = str(
                folder
            )
            code = self.work(job, folder)
        except BaseException:  # noqa: BLE001 -- the parent reports it
            say(folder, traceback.format_exc())
        finally:
            os._exit(code)  # without the parent's finalizers

    def _next_ending(self) -> Ending[Job]:
        pid, status = os.wait()
        if pid not in self.running:  # a process that a test module began
            return self._next_ending()
        kill_group(pid)  # what the child began and did not end
        job, folder = self.running.pop(pid)
        answer = folder / "said"
        said = answer.read_text() if answer.exists() else ""
        shutil.rmtree(folder, ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        if code == BROKEN:
            raise RuntimeError(said)
        return Ending(job, code, said)


def say(folder: Path, text: str) -> None:
    """Write the answer of a child for its parent."""
    (folder / "said").write_text(text)


def kill_group(pid: int) -> None:
    """Kill a child and the processes that it began."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def silence() -> None:
    """Let everything that is written go nowhere, and nothing be read."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
