"""Commands in processes that a fork server forks: they start quickly, and are real processes.

A new interpreter would spend most of the time of a short command on its imports.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir, redirect_stderr
from functools import cache
from multiprocessing import forkserver, reduction
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import IO, Any, NoReturn

ROOT = Path(__file__).parents[2]


@cache
def context() -> ForkServerContext:
    """Start the fork server of this process; returns the start method that uses it."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["tests.support.preloaded"])
    # The server finds the modules of the tests in its folder. It inherits stderr, which has no
    # number while a screen is shown in this process.
    with chdir(ROOT), redirect_stderr(sys.__stderr__):
        forkserver.ensure_running()
    return forking


class Forked:
    """A process of a command; it is used like `subprocess.Popen`."""

    def __init__(self, args: Sequence[str], process: ForkServerProcess) -> None:
        """args: the words of the command. process: has been started."""
        assert process.pid is not None
        self.args = args
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        """Return the exit code; None if the process has not ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code. Raises TimeoutExpired. timeout: seconds; None means forever."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Sent:
    """A file for a forked process, where it has another number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Callable[[Any], Sent], tuple[Any]]:
        """Send the file along while the process starts."""
        return received, (reduction.DupFd(self.number),)


def received(file: Any) -> Sent:  # noqa: ANN401 -- DupFd has a class for each start method
    """Receive a file in the forked process."""
    return Sent(file.detach())


def fork(
    words: Sequence[str | bytes],
    environment: Mapping[str, str],
    folder: Path,
    stdout: IO[bytes],
    stderr: IO[bytes],
) -> Forked:
    """Start a command of airbook in a process of its own, without input.

    words: after `airbook`. environment: all of it. folder: the working directory.
    """
    texts = [os.fsdecode(word) for word in words]
    files = Sent(stdout.fileno()), Sent(stderr.fileno())
    process = context().Process(
        target=become, args=(texts, environment, folder, *files), daemon=True
    )
    process.start()
    return Forked(texts, process)


def become(
    words: Sequence[str], environment: Mapping[str, str], folder: Path, out: Sent, err: Sent
) -> NoReturn:
    """Run a command in this process as a new interpreter does, and end the process."""
    from airbook.cli.main import run

    try:
        os.dup2(out.number, 1)
        os.dup2(err.number, 2)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        os.chdir(folder)
        sys.argv = ["airbook", *words]
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
        gc.disable()
        run()
    except BaseException as error:  # noqa: BLE001 -- as the interpreter does it
        sys.excepthook(type(error), error, error.__traceback__)
        sys.stderr.flush()
    finally:
        os._exit(1)
