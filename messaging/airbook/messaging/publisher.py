"""Sending messages so that the broker keeps each of them, in order, before it counts as sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as Delivered
from structlog.typing import FilteringBoundLogger

from airbook.application.errors import BrokerError, BrokerTrouble
from airbook.messaging.address import Address
from airbook.messaging.client import (
    ANSWER_SECONDS,
    ConnectionTrouble,
    broker_error,
    check_topic,
    make_client,
)
from airbook.messaging.error_codes import PURGED, TIMED_OUT
from airbook.messaging.formats import LogMark, Message
from airbook.messaging.refusals import Refusals
from airbook.messaging.topic_end import newest_mark

WAIT_SECONDS = 0.1
END_SECONDS = 1.0


class Publisher:
    """Sends messages to one topic.

    The producer is idempotent and waits for all replicas, and a message never times out, so that no
    message overtakes one before it. After an error that would leave a gap, and when nothing was
    confirmed for ANSWER_SECONDS, the producer is thrown away, and all messages of the last call are
    sent again: what is then repeated comes in the same order.
    """

    def __init__(
        self,
        address: Address,
        settings: Mapping[str, str],
        log: FilteringBoundLogger,
        waiting: Callable[[], object] = lambda: None,
    ) -> None:
        """waiting: called while messages are not confirmed yet."""
        self.address = address
        self._settings = settings
        self._log = log
        self.waiting = waiting
        self._producer: Producer | None = None
        self._sending: Sequence[Message] | None = None
        self._trouble = ConnectionTrouble(Refusals())  # until a message is confirmed
        self._failure: KafkaError | None = None  # of a message
        self._left = 0  # messages that are not confirmed
        self._confirmed_at = 0.0  # on the monotonic clock: the last message, or the beginning

    def check_topic(self) -> None:
        """Raise BrokerError if the topic does not exist; some brokers create it when asked."""
        check_topic(self._open(), self.address, self._trouble, may_poll=True)

    def newest_mark(self) -> LogMark | None:
        """Return the mark of the newest message that a relay has sent; see `topic_end`."""
        return newest_mark(self.address, self._settings, self._log, self._trouble.refusals)

    def send(self, messages: Sequence[Message]) -> None:
        """Send messages; returns when the broker has confirmed all of them.

        Raises BrokerError: call it again with the same messages to go on.
        """
        if self._sending is not messages:
            self._hand_over(messages)
            self._sending = messages
        self._await_confirmation()
        self._trouble.refusals.end()  # not at each message: others can be for a broker that refuses
        self._sending = None

    def _hand_over(self, messages: Sequence[Message]) -> None:
        """Hand messages to the client. Raises BrokerError; then none of them will be sent."""
        producer = self._open()
        self._confirmed_at, self._left = time.monotonic(), len(messages)
        try:
            for message in messages:
                producer.produce(
                    self.address.topic,
                    key=message.key,
                    value=message.value,
                    headers=list(message.headers),
                    on_delivery=self._on_delivery,
                )
        except (KafkaException, BufferError) as error:
            self.close()
            found = error.args[0] if isinstance(error, KafkaException) else KafkaError(TIMED_OUT)
            raise self._error(found, "message_refused") from error

    def _await_confirmation(self) -> None:
        producer = self._open()
        while (left := producer.flush(WAIT_SECONDS)) and self._failure is None:
            if left != self._left:
                self._left, self._confirmed_at = left, time.monotonic()
            seconds = time.monotonic() - self._confirmed_at
            if (trouble := self._trouble.error) is not None or seconds > ANSWER_SECONDS:
                error = self._error(trouble or KafkaError(TIMED_OUT))
                if seconds > ANSWER_SECONDS:
                    self.close()  # a broker that has forgotten a producer never confirms anything
                raise error
            self.waiting()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            self.close()
            raise self._error(failure, "message_refused")

    def _error(self, error: KafkaError, other: BrokerTrouble = "broker_unreachable") -> BrokerError:
        return broker_error(error, self.address, self._trouble.refusals, other)

    def _open(self) -> Producer:
        """Return the producer; a new one after a failure."""
        if self._producer is None:
            self._trouble.error = self._failure = None
            self._producer = make_client(
                Producer,
                self.address,
                # Java's clients choose the same partition for a key.
                {"partitioner": "murmur2_random", **self._settings},
                self._log,
                {
                    "enable.idempotence": True,
                    "enable.gapless.guarantee": True,
                    "message.timeout.ms": 0,
                    "acks": "all",
                    "error_cb": self._on_error,
                },
            )
        return self._producer

    def _on_delivery(self, error: KafkaError | None, _: Delivered) -> None:
        if error is None:
            self._trouble.error = None
        elif error.code() not in PURGED:
            self._failure = self._failure or error

    def _on_error(self, error: KafkaError) -> None:
        self._trouble.report(error)
        if error.fatal():
            self._failure = self._failure or error

    def close(self) -> None:
        """Throw the producer away, with the messages that are not confirmed."""
        producer, self._producer, self._sending = self._producer, None, None
        if producer is not None:
            with suppress(KafkaException, BrokerError):
                producer.purge()
                producer.flush(END_SECONDS)
