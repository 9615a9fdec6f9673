"""The intake: one process executes the commands that come on a topic, each of them once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from confluent_kafka import Message as Received
from msgspec import Struct
from structlog.typing import FilteringBoundLogger

from airbook.application.airbook import Airbook
from airbook.application.log_level import LogLevel
from airbook.application.logs import configure, following
from airbook.application.patience import Patience
from airbook.application.reopening import await_store, why_gone
from airbook.eventlog.errors import StoreError
from airbook.messaging.address import Address
from airbook.messaging.execution import WORDS, Outcome, count, dead_letters, execute
from airbook.messaging.formats import Message
from airbook.messaging.publisher import Publisher
from airbook.messaging.source import Source
from airbook.messaging.summary_log import SummaryLog

RETRY_SECONDS = 0.05  # how often to ask whether it is time to try again


class Poll(Struct):
    """Messages that came together, and how far they are done.

    outcomes: of each message; None before the commands are executed. dead: the messages that are
    not in the topic of dead letters yet.
    """

    messages: Sequence[Received]
    outcomes: Sequence[Outcome] | None = None
    dead: Sequence[Message] = ()


class Intake:
    """Executes the commands of a topic until it is stopped."""

    def __init__(
        self,
        airbook: Airbook,
        log: FilteringBoundLogger,
        source: Source,
        graveyard: Publisher,
        customer: str,
    ) -> None:
        """graveyard: of the dead letters. customer: of a request that names none."""
        self.airbook = airbook
        self.log = log
        self.source = source
        self.graveyard = graveyard
        self.customer = customer
        self.patience = Patience(log, lasting=True)
        self.summary = SummaryLog(log, "taken_in", WORDS)
        self.stopping = self._is_open = False
        self._poll: Poll | None = None

    def stop(self, number: int, _: FrameType | None = None) -> None:
        """Finish the messages that have come, then end; a second signal ends the process at once.

        number: of the signal.
        """
        self.stopping = True
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Execute commands until stopped. Raises StoreError, BrokerError and SettingError."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        try:
            while not self.stopping or self._is_completing():
                if not self._step_on_any_store():
                    time.sleep(RETRY_SECONDS)
        finally:
            self.graveyard.close()
            self.source.close()
        self.summary.tick(at_end=True)
        self.log.info("stopped", pid=os.getpid())

    def _is_completing(self) -> bool:
        """Return whether messages are not done yet, and nothing keeps them from being done."""
        troubled = map(self.patience.has_trouble, ("commands", "dead_letters", "offsets"))
        return self._poll is not None and not any(troubled)

    def _step_on_any_store(self) -> bool:
        """Take a step. If the store was taken away, go on with the store in its place."""
        try:
            return self._step()
        except StoreError as error:
            if (gone := why_gone(self.airbook, error)) is None:
                raise
            self.log.warning(gone.code, **gone.values)
            await_store(self.airbook, self.log, lambda: self.stopping)
            return True

    def _step(self) -> bool:
        """Read messages, or complete those that were read; return False after a failure.

        Offsets are committed last: what was not committed comes again, and its key tells it.
        """
        attempt, poll = self.patience.attempt, self._poll
        if poll is None:
            return self._open() and self._read()
        if poll.outcomes is None:
            if not (outcomes := attempt("commands", lambda: self._execute(poll.messages))):
                return False
            poll.outcomes = outcomes
            poll.dead = dead_letters(poll.messages, outcomes)
        if poll.dead:
            if not attempt("dead_letters", lambda: self._bury(poll.dead)):
                return False
            poll.dead = ()
        if not attempt("offsets", lambda: self.source.commit(poll.messages)):
            return False
        self.summary.add(count(poll.outcomes))
        self._poll = None
        return True

    def _open(self) -> bool:
        """Open the store, the topic and the topic of dead letters; return False after a failure."""
        attempt = self.patience.attempt
        if self._is_open:
            return True
        if not (attempt("opening", self._open_store) and attempt("reading", self.source.open)):
            return False
        if not attempt("dead_letters", lambda: self._bury(())):
            return False
        fields = {"from": str(self.source.address), "group": self.source.group}
        dead_letter = self.graveyard.address.topic
        self.log.info("ready", pid=os.getpid(), **fields, dead_letter=dead_letter)
        self._is_open = True
        return True

    def _open_store(self) -> bool:
        self.airbook.create_if_missing()
        self.airbook.check_is_finished()
        return True

    def _read(self) -> bool:
        messages = self.patience.attempt("reading", self.source.poll)
        self.summary.tick()
        if messages:
            self._poll = Poll(messages)
        return messages is not None

    def _execute(self, messages: Sequence[Received]) -> Sequence[Outcome]:
        return execute(self.airbook, messages, self.customer, self.source.topic_id)

    def _bury(self, dead: Sequence[Message]) -> bool:
        """Send dead letters; without any, check that their topic exists. Returns True."""
        if dead:
            self.graveyard.send(dead)
        else:
            self.graveyard.check_topic()
        return True


def start(
    airbook: Airbook,
    address: Address,
    settings: Mapping[str, str],
    *,
    group: str,
    dead_letter: str,
    customer: str,
    level: LogLevel,
    color: bool,
) -> None:
    """Run an intake in this process until it is stopped.

    Raises StoreError, BrokerError and SettingError.

    settings: of the Kafka client. dead_letter: the topic of messages that were not executed.
    customer: of a request that names none. level: of the log. color: use colors on a terminal.
    """
    log = configure(level, color=color)
    source = Source(address, group, settings, log)
    graveyard = Publisher(Address(address.servers, dead_letter), settings, log)
    with following(level):
        Intake(airbook, log, source, graveyard, customer).run()
