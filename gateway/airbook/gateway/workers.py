"""Several processes that serve one socket: forked before they open the store."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from threading import Thread
from types import FrameType
from typing import NoReturn

from structlog import get_logger

SIGNALS = (signal.SIGTERM, signal.SIGINT)
PAUSE_SECONDS = 1.0  # between the deaths of two workers, so that a fault makes no storm of them


class Workers:
    """Keeps a number of processes at work until it is asked to stop."""

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        """work: what a process does; it returns after SIGTERM or SIGINT."""
        self._count = count
        self._work = work
        self._pids = set[int]()
        self._stopping = False
        self._lifeline = os.pipe()

    def run(self) -> None:
        """Start the processes and wait for their ends; a signal asks all of them to stop."""
        for number in SIGNALS:
            signal.signal(number, self.stop)
        for _ in range(self._count):
            self._begin()
        while self._pids:
            pid, status = os.wait()
            self._pids.discard(pid)
            if not self._stopping:
                get_logger().error("worker_died", pid=pid, code=os.waitstatus_to_exitcode(status))
                time.sleep(PAUSE_SECONDS)
                self._begin()

    def stop(self, _: int, __: FrameType | None = None) -> None:
        """Ask every process to finish what it does and to end."""
        self._stopping = True
        for pid in self._pids:
            os.kill(pid, signal.SIGTERM)

    def _begin(self) -> None:
        """Start a process; a signal that comes meanwhile waits until it is known."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            if not self._stopping:
                pid = os.fork()
                if pid == 0:
                    self._become_worker()
                self._pids.add(pid)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _become_worker(self) -> NoReturn:
        code = 1
        try:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            os.close(self._lifeline[1])
            Thread(target=self._end_with_parent, daemon=True).start()
            self._work()
            code = 0
        except Exception as error:  # noqa: BLE001 -- the process ends here, and says why
            get_logger().error("worker_failed", pid=os.getpid(), exc_info=error)
        finally:
            os._exit(code)

    def _end_with_parent(self) -> None:
        """Stop this process when the parent has died, even by SIGKILL: its end of a pipe closes."""
        os.read(self._lifeline[0], 1)
        os.kill(os.getpid(), signal.SIGTERM)
