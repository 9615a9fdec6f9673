"""The daemon: one process that decides and projects, while others stand by to take over."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Literal

from structlog.typing import FilteringBoundLogger

from airbook.daemon.approver import Approver
from airbook.daemon.logs import configure
from airbook.daemon.projector import Projector
from airbook.domain.change import Change, Fenced
from airbook.domain.reservation import ReservationApproved, ReservationRejected
from airbook.domain.store import StoreError
from airbook.domain.wakeup import LOOK_AGAIN_SECONDS, Listener
from airbook.runtime.book import Airbook
from airbook.runtime.lease import Lease

Until = Literal["stopped", "idle", "caught_up"]
STAND_BY_SECONDS = 0.02


class Daemon:
    """Decides and projects until it is told to stop.

    until: stopped (runs for ever), idle (nothing is left to do), caught_up (everything in the log
    when it began is done).
    """

    def __init__(self, book: Airbook, log: FilteringBoundLogger, until: Until = "stopped") -> None:
        self.book = book
        self.log = log
        self.until = until
        self.stopping = False
        self.lease = Lease(book.lease_file)

    def stop(self, number: int, _: FrameType | None = None) -> None:
        """Finish the batch at hand, then end; the same signal again ends at once."""
        self.stopping = True
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Stand by for the lease, then work; end when stopped or done. Raises StoreError."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        with Listener(self.book.log.folder) as listener:
            while not self.stopping and self._has_lease(listener):
                if self._work(listener):
                    break
        self.lease.release()
        self.log.info("stopped", position=self.book.log.head())

    def _has_lease(self, listener: Listener) -> bool:
        """Wait for the lease. One that ends by itself goes on without: commits are fenced."""
        said = False
        while not (self.stopping or self.lease.acquire()):
            if self.until != "stopped":
                return True
            if not said:
                self.log.info("standing_by", pid=os.getpid())
                said = True
            listener.wait(STAND_BY_SECONDS)
        return not self.stopping

    def _work(self, listener: Listener) -> bool:
        """Decide and project; True when done, False when the lease is lost."""
        goal = self.book.log.head()
        approver = Approver(self.book.log, self.book.clock)
        projector = Projector(self.book)
        self.log.info("ready", pid=os.getpid(), store=str(self.book.store), position=goal)
        while not self.stopping:
            if not self.lease.beat() and self.until == "stopped":
                self.log.warning("lease_lost", pid=os.getpid())
                return False
            busy = self._step(approver, projector)
            if self.until == "caught_up" and min(approver.position, projector.position) >= goal:
                return True
            if not busy:
                if self.until != "stopped" and projector.position >= self.book.log.head():
                    return True
                listener.wait(LOOK_AGAIN_SECONDS)
        return True

    def _step(self, approver: Approver, projector: Projector) -> bool:
        decided = projected = False
        with self._through_busy_times(approver):
            change = approver.step()
            decided = change is not None
            if change is not None:
                self._tell(change, approver.position)
        with self._through_busy_times(approver):
            projected = projector.step()
        return decided or projected

    @contextmanager
    def _through_busy_times(self, approver: Approver) -> Generator[None]:
        """Go on where another was quicker, or kept the store locked for long."""
        try:
            yield
        except Fenced:
            self.log.info("fenced", position=approver.position)
            approver.restart()
        except StoreError as error:
            if error.code != "store_busy":
                raise
            self.log.warning("store_busy")
            approver.restart()

    def _tell(self, change: Change, position: int) -> None:
        facts = [fact for append in change.appends for fact in append.facts]
        approved = sum(isinstance(fact, ReservationApproved) for fact in facts)
        rejected = sum(isinstance(fact, ReservationRejected) for fact in facts)
        if facts:
            self.log.info("decided", approved=approved, rejected=rejected, position=position)
        for parked in change.parked:
            self.log.error("parked", reservation=parked.reservation, error=parked.error)


def start(book: Airbook, *, level: str, color: bool, until: Until) -> None:
    """Run a daemon in this process until it ends. Raises StoreError.

    level: debug, info, warning or error. color: whether its log may be coloured on a terminal.
    """
    Daemon(book, configure(level, color=color), until).run()
