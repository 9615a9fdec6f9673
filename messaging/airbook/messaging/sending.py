"""Sending the log batch by batch: each batch is confirmed before the checkpoint moves past it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from airbook.application.errors import BrokerError
from airbook.application.relays import subscriber_of
from airbook.eventlog.log import Log
from airbook.eventlog.records import Checkpoint, Transaction
from airbook.messaging.formats import Format, LogMark, Message, messages_of
from airbook.messaging.publisher import Publisher

BATCH = 1_000


class Batch(Struct, frozen=True):
    """Events to send, as messages. log_mark: the log after the last of them."""

    messages: Sequence[Message]
    events: int
    log_mark: LogMark


class Sending:
    """Sends the events after a position.

    position: of the last event that the broker has confirmed. batch: what is sent now.
    """

    def __init__(
        self,
        log: Log,
        publisher: Publisher,
        form: Format,
        name: str,
        *,
        clock: Callable[[], datetime],
        sent_from: int | None = None,
    ) -> None:
        """name: of the relay. sent_from: a position; by default the one after the checkpoint."""
        self._log = log
        self._publisher = publisher
        self._form: Format = form
        self._subscriber = subscriber_of(name)
        self._clock = clock
        self._checkpoint = log.checkpoint(self._subscriber)
        self._sent_from = sent_from
        self.position = self._checkpoint if sent_from is None else sent_from - 1
        digest = log.digest_at(self.position)
        self._log_mark = LogMark(self.position, digest) if digest else None
        self.batch: Batch | None = None

    @property
    def resume_from(self) -> int | None:
        """Return where to go on; None if that is after the checkpoint."""
        return None if self.position >= self._checkpoint else self.position + 1

    def check_topic(self) -> bool:
        """Compare the end of the topic with the log. Returns True; raises BrokerError.

        A position to begin at was chosen by a person, who knows what is on the topic.
        """
        self._publisher.check_topic()
        if self._sent_from is None:
            self._check(self._publisher.newest_mark())
        return True

    def read(self) -> bool:
        """Read the next events unless a batch is being sent; returns whether there is a batch.

        Raises BrokerError (topic_of_other_log) if another log is in the place of the log.
        """
        if self.batch is None:
            self._check(self._log_mark)
            if events := self._log.after(self.position, BATCH):
                last = events[-1].position
                log_mark = LogMark(last, self._log.digest_at(last))
                messages = list(messages_of(self._log, events, self._form, log_mark))
                self.batch = Batch(messages, len(events), log_mark)
        return self.batch is not None

    def send(self) -> bool:
        """Send the batch. Returns True; raises BrokerError: call it again to go on."""
        if self.batch and self.batch.messages:
            self._publisher.send(self.batch.messages)
        return True

    def advance(self) -> Batch | None:
        """Move the checkpoint past the batch, and return the batch.

        The checkpoint stays while events are sent again that are before it. Raises Fenced if
        another relay has moved it, and StoreError.
        """
        batch = self.batch
        if batch is None:
            return None
        position = batch.log_mark.position
        if position > self._checkpoint:
            checkpoint = Checkpoint(self._subscriber, position)
            self._log.append(Transaction(at=self._clock(), checkpoint=checkpoint))
            self._checkpoint = position
        self.position, self._log_mark, self.batch = position, batch.log_mark, None
        return batch

    def _check(self, log_mark: LogMark | None) -> None:
        if log_mark and self._log.digest_at(log_mark.position) != log_mark.digest:
            servers, topic = self._publisher.address
            raise BrokerError(
                "topic_of_other_log",
                servers,
                topic=topic,
                position=log_mark.position,
                next=self._checkpoint + 1,
            )
