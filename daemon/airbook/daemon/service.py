"""The daemon: one process that decides and projects, while others stand by to take over."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Literal

from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.daemon.approver import Approver
from airbook.daemon.logs import configure
from airbook.daemon.partition_leases import Shares
from airbook.daemon.projector import Projector
from airbook.domain.reservation import ReservationApproved, ReservationRejected
from airbook.eventlog.errors import StoreError
from airbook.eventlog.partition import Partition
from airbook.eventlog.recorder import Listener
from airbook.eventlog.records import Fenced, Transaction
from airbook.eventlog.subscription import LOOK_AGAIN_SECONDS

Until = Literal["stopped", "idle", "caught_up"]


class Daemon:
    """Decides and projects until it is told to stop.

    until: stopped (runs for ever), idle (nothing is left to do), caught_up (everything in the log
    when it began is done).
    """

    def __init__(
        self,
        airbook: Airbook,
        log: FilteringBoundLogger,
        until: Until = "stopped",
        partitions: int = 1,
    ) -> None:
        self.airbook = airbook
        self.log = log
        self.until = until
        self.stopping = False
        self.shares = Shares(airbook.store, partitions)
        self.approvers: dict[Partition, Approver] = {}
        self._out_of_reach = False

    def stop(self, number: int, _: FrameType | None = None) -> None:
        """Finish the batch at hand, then end; the same signal again ends at once."""
        self.stopping = True
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Stand by for a partition, then work; end when stopped or done. Raises StoreError."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.airbook.begin()
        goal = self.airbook.log.head()
        while not self.stopping and self._stand_by():
            with self.airbook.log.recorder.listener() as listener:
                if self._work(listener, goal):
                    break
        self.shares.release()
        self.log.info("stopped", pid=os.getpid())

    def _stand_by(self) -> bool:
        """Wait for a partition. One that ends by itself goes on without: commits are fenced."""
        said = False
        while not (self.stopping or self.shares.acquire()):
            if self.until != "stopped":
                return True
            if not said:
                self.log.info("standing_by", pid=os.getpid())
                said = True
            time.sleep(self.shares.retry_seconds)  # each commit would wake us for nothing
        return not self.stopping

    def _work(self, listener: Listener, goal: int) -> bool:
        """Decide and project; True when done, False when every partition is lost."""
        projector = Projector(self.airbook)
        self.approvers = {}
        while not self.stopping:
            busy = False
            with self._through_hard_times():
                if not self._has_shares():
                    return False
                busy = self._step(projector)
                if self._is_done(projector, goal, busy=busy):
                    return True
            if not busy:
                listener.wait(LOOK_AGAIN_SECONDS)
        return True

    def _has_shares(self) -> bool:
        """Keep what we hold; begin where something was gained, forget what was lost."""
        self.shares.keep()
        if not self.shares.held and self.until == "stopped":
            self.log.warning("lease_lost", pid=os.getpid())
            return False
        mine = set(self.shares.held if self.until == "stopped" else self.shares.partitions)
        self.approvers = {one: this for one, this in self.approvers.items() if one in mine}
        for partition in sorted(mine - self.approvers.keys()):
            approver = Approver(self.airbook.log, self.airbook.clock, partition)
            self.approvers[partition] = approver
            self.log.info(
                "ready",
                pid=os.getpid(),
                store=self.airbook.store.url,
                position=approver.position,
                **({"partition": partition.number} if partition.of > 1 else {}),
            )
        return True

    def _step(self, projector: Projector) -> bool:
        busy = False
        for approver in self.approvers.values():
            with self._through_hard_times():
                before = approver.position
                if transaction := approver.step():
                    self._tell(transaction, approver.position)
                busy |= transaction is not None or approver.position > before
        # Views are kept by one daemon: by whoever has the first partition.
        if any(partition.number == 1 for partition in self.approvers):
            with self._through_hard_times():
                busy |= projector.step()
        return busy

    def _is_done(self, projector: Projector, goal: int, *, busy: bool) -> bool:
        """Tell whether one that ends by itself may end."""
        if self.until == "stopped" or (busy and self.until == "idle") or not self.approvers:
            return False
        end = goal if self.until == "caught_up" else self.airbook.log.head()
        reached = [approver.position for approver in self.approvers.values()]
        return min(projector.position, *reached) >= end

    @contextmanager
    def _through_hard_times(self) -> Generator[None]:
        """Go on where another was quicker, or where the store is busy or out of reach for now."""
        try:
            yield
            self._out_of_reach = False
        except Fenced:
            self.log.info("fenced")
            self._restart()
        except StoreError as error:
            if not error.passing or (self.until != "stopped" and error.code != "store_busy"):
                raise
            if not self._out_of_reach:
                self.log.warning(error.code, **error.values)
            self._out_of_reach = True
            self.approvers = {}

    def _restart(self) -> None:
        for approver in self.approvers.values():
            approver.restart()

    def _tell(self, transaction: Transaction, position: int) -> None:
        events = [event for append in transaction.appends for event in append.events]
        approved = sum(isinstance(event, ReservationApproved) for event in events)
        rejected = sum(isinstance(event, ReservationRejected) for event in events)
        if events:
            self.log.info("decided", approved=approved, rejected=rejected, position=position)
        for parked in transaction.parked:
            self.log.error("parked", reservation=parked.reservation, error=parked.error)


def start(
    airbook: Airbook, *, level: str, color: bool, until: Until = "stopped", partitions: int = 1
) -> None:
    """Run a daemon in this process until it ends. Raises StoreError.

    level: debug, info, warning or error. color: whether its log may be coloured on a terminal.
    partitions: among how many daemons the airplanes are shared.
    """
    Daemon(airbook, configure(level, color=color), until, partitions).run()
