"""The daemon: one process that decides and projects, while other daemons stand by."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from types import FrameType
from typing import Literal

from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.daemon.approver import Approver
from airbook.daemon.decision_log import DecisionLog
from airbook.daemon.logs import configure
from airbook.daemon.partition_leases import PartitionLeases
from airbook.daemon.projector import Projector
from airbook.daemon.standby_log import StandbyLog
from airbook.eventlog.errors import StoreError
from airbook.eventlog.partition import Partition
from airbook.eventlog.records import Fenced
from airbook.eventlog.subscription import ticks

Until = Literal["stopped", "idle", "caught_up"]


class Daemon:
    """Decides and projects until it is stopped.

    until: "stopped" runs until a signal, "idle" until nothing is left to do, "caught_up" until
    every event is processed that was in the log at the beginning.
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
        self.decision_log = DecisionLog(log)
        self.until = until
        self.stopping = False
        self.leases = PartitionLeases(airbook.store, partitions)
        self.approvers: dict[Partition, Approver] = {}
        self._is_unreachable = False

    def stop(self, number: int, _: FrameType | None = None) -> None:
        """Finish the current batch, then end; a second signal ends the process at once.

        number: of the signal.
        """
        self.stopping = True
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Wait for a partition, then work; end when stopped or done. Raises StoreError."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.airbook.create_if_missing()
        goal = self.airbook.log.head()
        while not self.stopping and self._stand_by() and not self._work(goal):
            pass
        self.leases.release()
        self.decision_log.flush()
        self.log.info("stopped", pid=os.getpid())

    def _stand_by(self) -> bool:
        """Wait for a partition; return False when stopped.

        A daemon that ends by itself continues without a lease: its commits are fenced.
        """
        standby_log = StandbyLog(
            self.log, self.leases.partitions, self.airbook.log.diagnostics.heartbeats
        )
        while not (self.stopping or self.leases.acquire()):
            if self.until != "stopped":
                return True
            standby_log.tick()
            time.sleep(self.leases.retry_seconds)  # a subscription would wake at each commit
        return not self.stopping

    def _work(self, goal: int) -> bool:
        """Decide and project; return True when done, False when every partition is lost."""
        projector = Projector(self.airbook)
        self.approvers = {}
        with closing(ticks(self.airbook.log, stop=lambda: self.stopping)) as ticking:
            for _ in ticking:
                busy = True
                while busy and not self.stopping:
                    busy = False
                    with self._riding_out_errors():
                        if not self._keep_partitions():
                            return False
                        busy = self._step(projector)
                        if self._is_done(projector, goal, busy=busy):
                            return True
        return True

    def _keep_partitions(self) -> bool:
        """Keep the leases, and one approver for each; return False if none is left."""
        self.leases.keep()
        if not self.leases.held and self.until == "stopped":
            self.log.warning("lease_lost", pid=os.getpid())
            return False
        own = set(self.leases.held if self.until == "stopped" else self.leases.partitions)
        self.approvers = {
            partition: approver
            for partition, approver in self.approvers.items()
            if partition in own
        }
        for partition in sorted(own - self.approvers.keys()):
            approver = Approver(self.airbook.log, self.airbook.clock, partition)
            self.approvers[partition] = approver
            self.log.info(
                "ready",
                pid=os.getpid(),
                position=approver.position,
                store=self.airbook.store.url,
                **({"partition": partition.number} if partition.of > 1 else {}),
            )
        return True

    def _step(self, projector: Projector) -> bool:
        """Let each approver, then the projector, take one step; return whether one was busy."""
        busy = False
        self.decision_log.tick()
        for approver in self.approvers.values():
            with self._riding_out_errors():
                before = approver.position
                if transaction := approver.step():
                    self.decision_log.add(transaction, approver.due)
                busy |= transaction is not None or approver.position > before
        # One daemon keeps the views: the holder of the first partition.
        if any(partition.number == 1 for partition in self.approvers):
            with self._riding_out_errors():
                busy |= projector.step()
        return busy

    def _is_done(self, projector: Projector, goal: int, *, busy: bool) -> bool:
        """Return whether a daemon that ends by itself has nothing left to do."""
        if self.until == "stopped" or (busy and self.until == "idle") or not self.approvers:
            return False
        end = goal if self.until == "caught_up" else self.airbook.log.head()
        reached = [approver.position for approver in self.approvers.values()]
        return min(projector.position, *reached) >= end

    @contextmanager
    def _riding_out_errors(self) -> Generator[None]:
        """Continue after a fenced commit, and while the store is busy or unreachable."""
        try:
            yield
            self._is_unreachable = False
        except Fenced:
            self.log.info("fenced")
            for approver in self.approvers.values():
                approver.restart()
        except StoreError as error:
            if not error.passing or (self.until != "stopped" and error.code != "store_busy"):
                raise
            if not self._is_unreachable:
                self.log.warning(error.code, **error.values)
            self._is_unreachable = True
            self.approvers = {}


def start(
    airbook: Airbook, *, level: str, color: bool, until: Until = "stopped", partitions: int = 1
) -> None:
    """Run a daemon in this process until it ends. Raises StoreError.

    level: debug, info, warning or error. color: use colors on a terminal.
    partitions: the number of daemons that share the airplanes.
    """
    Daemon(airbook, configure(level, color=color), until, partitions).run()
