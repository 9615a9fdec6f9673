"""The relay: one process sends every event of the log to a topic, while other relays stand by."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from types import FrameType

from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.application.errors import Failure
from airbook.application.log_level import LogLevel
from airbook.application.logs import configure, following
from airbook.application.patience import Patience, is_passing
from airbook.application.relays import lease_of, progress_at
from airbook.application.reopening import await_store, why_gone
from airbook.eventlog.errors import StoreError
from airbook.eventlog.records import Fenced
from airbook.eventlog.subscription import ticks
from airbook.messaging.address import Address
from airbook.messaging.formats import Format
from airbook.messaging.publisher import Publisher
from airbook.messaging.sending import Sending
from airbook.messaging.summary_log import SummaryLog

RETRY_SECONDS = 0.05  # how often to ask whether it is time to try again
END_SECONDS = 3.0  # how long a relay that is asked to end waits for its last batch


class Relay:
    """Sends events until it is stopped, or up to the head of the log at its beginning."""

    def __init__(
        self,
        airbook: Airbook,
        log: FilteringBoundLogger,
        publisher: Publisher,
        form: Format = "native",
        *,
        name: str | None = None,
        sent_from: int | None = None,
        once: bool = False,
    ) -> None:
        """name: of the checkpoint; the address of the topic by default.

        sent_from: the position to begin at, instead of the checkpoint. once: end by itself.
        """
        self.airbook = airbook
        self.log = log
        self.publisher = publisher
        self.form: Format = form
        self.name = name or str(publisher.address)
        self.sent_from = sent_from
        self.once = once
        self.stopping = False
        self.lease = airbook.store.lease(lease_of(self.name))
        self.patience = Patience(log, lasting=not once)
        self.summary = SummaryLog(log, "relayed", ("events", "messages"))
        publisher.waiting = self.lease.beat

    def stop(self, number: int, _: FrameType | None = None) -> None:
        """Finish the current batch, then end; a second signal ends the process at once.

        number: of the signal.
        """
        self.stopping = True
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Wait for the lease, then send; end when stopped or done.

        Raises StoreError and BrokerError, also (topic_of_other_log) if the topic holds events that
        this log does not have.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        try:
            while not self._relay_until_disturbed():
                self._let_go()
        finally:
            self._let_go()
        for failure in self.patience.failures.values():
            raise failure
        self.log.info("stopped", pid=os.getpid())

    def _let_go(self) -> None:
        self.publisher.close()
        with suppress(StoreError):
            self.lease.release()

    def _relay_until_disturbed(self) -> bool:
        """Open the store, wait for the lease, and send; return False to begin anew."""
        try:
            return (
                not (self._patiently("opening", self._open) and self._stand_by() and self._begin())
                or self._relay()
            )
        except Fenced:
            self.log.info("fenced")
        except StoreError as error:
            gone = why_gone(self.airbook, error)
            if self.once or gone is None:
                raise
            self._let_go()
            self.log.warning(gone.code, **gone.values)
            await_store(self.airbook, self.log, lambda: self.stopping)
        return self.stopping

    def _patiently(self, activity: str, work: Callable[[], bool]) -> bool:
        """Do some work as soon as that is possible; return False when stopped or given up."""
        while not (self.stopping or self.patience.failures):
            if self.patience.attempt(activity, work, is_passing_or_missing):
                return True
            self.lease.beat()
            time.sleep(RETRY_SECONDS)
        return False

    def _open(self) -> bool:
        self.airbook.close()
        self.airbook.check_is_finished()
        self.goal = self.airbook.log.head()
        self.patience.forget("reading", "checkpoint", "progress")
        return True

    def _stand_by(self) -> bool:
        """Wait for the lease; return False when stopped, or when another relay has sent it all."""
        told = False
        while not self.stopping:
            if self.patience.attempt("lease", self.lease.acquire):
                return True
            if self.patience.failures or (self.once and self._sending().position >= self.goal):
                return False
            if not (told or self.patience.has_trouble("lease")):
                self.log.info("standing_by", pid=os.getpid(), relay=self.name)
                told = True
            self.airbook.check_is_there()
            time.sleep(self.lease.retry_seconds)
        return False

    def _begin(self) -> bool:
        """Read the checkpoint, and compare the topic with the log."""
        if not self._patiently("reading", self._load) or not self._patiently(
            "broker", self.sending.check_topic
        ):
            return False
        address, position = str(self.publisher.address), self.sending.position
        store = self.airbook.store.url
        self.log.info("ready", pid=os.getpid(), position=position, store=store, to=address)
        return True

    def _load(self) -> bool:
        self.sending = self._sending()
        return True

    def _sending(self) -> Sending:
        return Sending(
            self.airbook.log,
            self.publisher,
            self.form,
            self.name,
            clock=self.airbook.clock,
            sent_from=self.sent_from,
        )

    def _relay(self) -> bool:
        """Send what comes; return True when stopped or done, False when the lease is lost."""
        with closing(ticks(self.airbook.log, stop=lambda: self.stopping)) as ticking:
            for _ in ticking:
                busy = True
                while busy and not self.stopping:
                    if self.patience.attempt("lease", self.lease.beat) is False:
                        self.log.warning("lease_lost", pid=os.getpid())
                        return False
                    busy = self._step() and not self._is_done()
                    self._tell()
                if self._is_done():
                    break
        self._finish()
        return True

    def _is_done(self) -> bool:
        """Return whether a relay that ends by itself has sent everything, or gives up."""
        reached = self.once and self.sending.position >= self.goal
        return reached or bool(self.patience.failures)

    def _step(self) -> bool:
        """Send one batch; return whether it was sent."""
        attempt = self.patience.attempt
        if not (attempt("reading", self.sending.read) and attempt("broker", self.sending.send)):
            return False
        if sent := attempt("checkpoint", self.sending.advance):
            self.summary.add({"events": sent.events, "messages": len(sent.messages)})
            self.sent_from = self.sending.resume_from
        return sent is not None

    def _finish(self) -> None:
        """Complete the last batch, unless the broker lets it wait."""
        until = time.monotonic() + END_SECONDS
        while self.sending.batch and not self.patience.failures and time.monotonic() < until:
            if not self._step():
                time.sleep(RETRY_SECONDS)
        self._tell(at_end=True)

    def _tell(self, *, at_end: bool = False) -> None:
        self.patience.attempt("progress", lambda: self.summary.tick(self._progress, at_end=at_end))

    def _progress(self) -> Mapping[str, object]:
        now, log = self.airbook.clock(), self.airbook.log
        reached = progress_at(log, self.name, self.sending.position, now)
        return {
            "position": reached.position,
            "lag_events": reached.lag_events,
            "lag_seconds": reached.lag_seconds,
        }


def is_passing_or_missing(error: Failure) -> bool:
    """Return whether a trouble may end by itself; a missing store can be created by others."""
    return is_passing(error) or error.code == "store_missing"


def start(
    airbook: Airbook,
    address: Address,
    settings: Mapping[str, str],
    form: Format,
    *,
    level: LogLevel,
    color: bool,
    name: str | None = None,
    sent_from: int | None = None,
    once: bool = False,
) -> None:
    """Run a relay in this process until it ends. Raises StoreError, BrokerError and SettingError.

    settings: of the Kafka client. level: of the log. color: use colors on a terminal.
    """
    log = configure(level, color=color)
    publisher = Publisher(address, settings, log)
    with following(level):
        Relay(airbook, log, publisher, form, name=name, sent_from=sent_from, once=once).run()
