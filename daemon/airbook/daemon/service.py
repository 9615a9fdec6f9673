"""The daemon: one process that decides and projects, while other daemons stand by."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing, suppress
from functools import partial
from types import FrameType
from typing import Literal

from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.application.patience import PAUSES_BETWEEN_REBUILDS, Patience, is_of_views
from airbook.application.reopening import await_store, why_gone
from airbook.daemon.approver import Approver
from airbook.daemon.decision_log import DecisionLog
from airbook.daemon.observing import DecisionWatch
from airbook.daemon.partition_leases import PartitionLeases
from airbook.daemon.projector import Projector
from airbook.daemon.standby_log import StandbyLog
from airbook.eventlog.errors import StoreError
from airbook.eventlog.partition import Partition
from airbook.eventlog.records import Fenced
from airbook.eventlog.subscription import ticks

Until = Literal["stopped", "idle", "caught_up"]

OF_VIEWS = ("views", "rebuild")
RETRY_SECONDS = 0.05  # how often to ask whether it is time to open the store again


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
        self.watch = DecisionWatch(airbook)
        self.until = until
        self.stopping = self._was_open = False
        self.leases = PartitionLeases(airbook.store, partitions)
        self.patience = Patience(log, lasting=until == "stopped")
        self.progress = self.patience.progress

    def stop(self, number: int, _: FrameType | None = None) -> None:
        """Finish the current batch, then end; a second signal ends the process at once.

        number: of the signal.
        """
        self.stopping = True
        self.progress.enter("stopping")
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Wait for a partition, then work; end when stopped or done. Raises StoreError.

        A daemon that runs until it is stopped goes on with the file that replaces its store.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping:
            try:
                if not self._open_patiently() or not self._stand_by() or self._work():
                    break
            except StoreError as error:
                gone = why_gone(self.airbook, error)
                if self.until != "stopped" or gone is None:
                    raise
                self.leases.release()
                self.log.warning(gone.code, **gone.values)
                self.progress.lose_store(gone)
                await_store(self.airbook, self.log, self._is_stopping)
        self.leases.release()
        self.decision_log.flush()
        for activity in ("opening", "decisions", *OF_VIEWS, "end"):
            if activity in self.patience.failures:
                raise self.patience.failures[activity]
        self.log.info("stopped", pid=os.getpid())

    def _is_stopping(self) -> bool:
        self.progress.beat()
        return self.stopping

    def _open_patiently(self) -> bool:
        """Open everything, as soon as the store allows it; return False when stopped."""
        while not (self.stopping or self.patience.attempt("opening", self._open)):
            if self.patience.failures:
                return False
            time.sleep(RETRY_SECONDS)
        return not self.stopping

    def _open(self) -> bool:
        """Open the log anew, and begin with a new projector and without approvers."""
        self.airbook.close()
        if not self._was_open:
            self.airbook.create_if_missing()
        elif not self.airbook.store.is_made():  # what comes in its place is not made here
            raise StoreError("store_gone", self.airbook.store.url)
        self._was_open = True
        self.airbook.check_is_finished()
        self.goal = self.airbook.log.head()
        self.watch.forget()
        self.projector = Projector(self.airbook, self._warn)
        self.approvers: dict[Partition, Approver] = {}
        return True

    def _warn(self, event: str, **fields: object) -> None:
        self.log.warning(event, **fields)  # looked up each time: its level may have changed

    def _stand_by(self) -> bool:
        """Wait for a partition; return False when stopped.

        A daemon that ends by itself continues without a lease: its commits are fenced.
        """
        standby_log = StandbyLog(
            self.log, self.leases.partitions, self.airbook.log.diagnostics.heartbeats
        )
        while not (self.stopping or self.patience.attempt("leases", self.leases.acquire)):
            self.progress.enter("standby")
            if self.until != "stopped":
                return True
            self.airbook.check_is_there()  # the lease is of the file that has the name now
            if not self.patience.has_trouble("leases"):
                standby_log.tick()
            time.sleep(self.leases.retry_seconds)  # a subscription would wake at each commit
        return not self.stopping

    def _work(self) -> bool:
        """Decide and project; return True when done, False when every partition is lost."""
        self.patience.forget("decisions", *OF_VIEWS)  # of the work before the lease was lost
        self.progress.enter("deciding")
        with closing(ticks(self.airbook.log, stop=self._is_stopping)) as ticking:
            for _ in ticking:
                busy = True
                while busy and not self.stopping:
                    self.patience.attempt("leases", self.leases.keep, is_over=self._holds)
                    if not self.own:
                        self.log.warning("lease_lost", pid=os.getpid())
                        return False
                    busy = self._step()
                    if self._is_done(busy=busy):
                        return True
        return True

    @property
    def own(self) -> set[Partition]:
        """Return the partitions to decide; a daemon that ends by itself decides all of them."""
        return set(self.leases.held if self.until == "stopped" else self.leases.partitions)

    def _holds(self) -> bool:
        """Return whether this daemon holds a partition."""
        return bool(self.leases.held)

    def _step(self) -> bool:
        """Let each approver, then the projector, take one step; return whether one was busy."""
        self.decision_log.tick()
        decided = self.patience.attempt("decisions", self._decide)
        return bool(self._project() or decided)

    def _project(self) -> bool:
        """Keep the views, if this daemon has the first partition; return whether it was busy."""
        if all(partition.number != 1 for partition in self.own):
            self.patience.forget(*OF_VIEWS)
            self.watch.forget()
            return False
        project = partial(self.watch.project, self.projector)
        projected = self.patience.attempt("views", project, is_of_views)
        if projected is None:
            return False
        rebuilt = self.patience.attempt(
            "rebuild",
            self.projector.rebuild,
            is_of_views,
            PAUSES_BETWEEN_REBUILDS,
            lambda: self.projector.is_rebuilt,
        )
        return bool(projected or rebuilt)

    def _decide(self) -> bool:
        """Let the approver of each partition take one step; return whether one was busy."""
        busy = False
        for partition in self.approvers.keys() - self.own:
            del self.approvers[partition]
        for partition in sorted(self.own):
            approver = self.approvers.get(partition) or self._begin(partition)
            if self.patience.has_trouble("decisions"):
                approver.restart()  # it remembers decisions that were not stored
            before = approver.position
            try:
                transaction = approver.step()
            except Fenced:
                self.log.info("fenced")
                approver.restart()
                continue
            if transaction:
                self.decision_log.add(transaction, approver.due)
                with suppress(StoreError):  # the decisions are stored, whatever figures need
                    self.watch.decided(transaction, approver.due)
            busy |= transaction is not None or approver.position > before
        return busy

    def _begin(self, partition: Partition) -> Approver:
        """Return a new approver of a partition."""
        approver = Approver(self.airbook.log, self.airbook.clock, partition)
        self.approvers[partition] = approver
        self.log.info(
            "ready",
            pid=os.getpid(),
            position=approver.position,
            store=self.airbook.store.url,
            **({"partition": partition.number} if partition.of > 1 else {}),
        )
        if approver.position > (head := self.airbook.log.head()):
            # Events were cut off behind it: what comes up to this position is not decided.
            self.log.error("checkpoint_ahead", position=approver.position, head=head)
        return approver

    def _is_done(self, *, busy: bool) -> bool:
        """Return whether a daemon that ends by itself has nothing left to do, or gives up."""
        if self.until == "stopped" or (busy and self.until == "idle"):
            return False
        failures = self.patience.failures.keys()
        if failures >= {"decisions", "views"} or "end" in failures:
            return True
        has_trouble = any(map(self.patience.has_trouble, ("decisions", *OF_VIEWS)))
        return not has_trouble and bool(self.patience.attempt("end", self._is_at_end))

    def _is_at_end(self) -> bool:
        """Return whether everything is decided and projected that was not given up."""
        end = self.goal if self.until == "caught_up" else self.airbook.log.head()
        reached = list[int]()
        if "decisions" not in self.patience.failures:
            reached += [approver.position for approver in self.approvers.values()]
        if not self.patience.failures.keys() & OF_VIEWS:
            reached.append(self.projector.position)
        return min(reached, default=end) >= end
