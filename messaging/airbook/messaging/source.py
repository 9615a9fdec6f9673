"""The topic that an intake reads: polls of messages, and the offsets up to which they are done."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from threading import Thread
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicCollection
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient
from structlog.typing import FilteringBoundLogger

from airbook.application.errors import BrokerError
from airbook.messaging.address import Address
from airbook.messaging.client import (
    ANSWER_SECONDS,
    ConnectionTrouble,
    broker_error,
    check_topic,
    make_client,
)
from airbook.messaging.error_codes import MOVED, PASSING, REFUSED, TIMED_OUT, UNREACHABLE
from airbook.messaging.refusals import Refusals

BATCH = 500
POLL_SECONDS = 0.25
SILENCE_SECONDS = 5.0  # then the broker is asked: a client does not report every lost connection


class Source:
    """Reads messages as a member of a consumer group. Every method raises BrokerError."""

    def __init__(
        self,
        address: Address,
        group: str,
        settings: Mapping[str, str],
        log: FilteringBoundLogger,
    ) -> None:
        self.address = address
        self.group = group
        self._settings = settings
        self._log = log
        self._consumer: Consumer | None = None
        self._trouble = ConnectionTrouble(Refusals())  # until the broker answers again
        self._committing: Future[None] | None = None
        self._heard_at = 0.0  # on the monotonic clock
        self.topic_id = address.topic

    def open(self) -> bool:
        """Join the group. Returns True."""
        if self._consumer is None:
            self._trouble.error = None
            self._consumer = consumer = make_client(
                Consumer,
                self.address,
                {"session.timeout.ms": "10000", **self._settings},
                self._log,
                {
                    "group.id": self.group,
                    "enable.auto.commit": False,
                    "enable.auto.offset.store": False,
                    "auto.offset.reset": "earliest",
                    "error_cb": self._trouble.report,
                },
            )
            try:
                check_topic(consumer, self.address, self._trouble, may_poll=True)
                self.topic_id = self._identify_topic()
                consumer.subscribe([self.address.topic])
                self._trouble.error = None
            except BaseException:
                self.close()
                raise
        return True

    def _identify_topic(self) -> str:
        """Return the name of the topic with its id, which a topic made anew does not share.

        A broker that gives its topics no ids is asked for nothing else: the name has to do.
        """
        client: Any = make_client(AdminClient, self.address, self._settings, self._log)
        topic = self.address.topic
        try:
            asked = client.describe_topics(TopicCollection([topic]))[topic]
            return f"{topic}@{asked.result(timeout=ANSWER_SECONDS).topic_id}"
        except (KafkaException, NoAnswer):
            return topic

    def poll(self) -> Sequence[Message]:
        """Return the next messages; none if none came in POLL_SECONDS."""
        assert self._consumer is not None  # noqa: S101 -- opened first
        messages = list[Message]()
        for message in self._consumer.consume(BATCH, POLL_SECONDS):
            error = message.error()
            if error is None:
                messages.append(message)
                self._trouble.error = None
            elif error.code() not in PASSING:
                self._trouble.error = error
        now = time.monotonic()
        if messages:
            self._heard_at = now
            self._trouble.refusals.end()
        elif self._trouble.error or now > self._heard_at + SILENCE_SECONDS:
            self._check(self._consumer)
            self._heard_at = now
        return messages

    def _check(self, consumer: Consumer) -> None:
        """Ask the brokers whether a trouble lasts. Raises BrokerError."""
        trouble = self._trouble.error
        if trouble and trouble.code() not in UNREACHABLE | REFUSED:
            raise self._error(trouble)
        check_topic(consumer, self.address, self._trouble)
        self._trouble.error = None
        if trouble and trouble.code() in REFUSED:
            raise self._error(trouble)  # of one broker, while another one answers

    def commit(self, messages: Sequence[Message]) -> bool:
        """Commit that messages are done. Returns True.

        Another member of the group may have their partition by now, which reads them again.
        """
        ends: dict[int, int] = {}
        for message in messages:
            partition, offset = message.partition(), message.offset()
            if partition is not None and offset is not None:
                ends[partition] = offset + 1
        places = [Place(self.address.topic, *end) for end in ends.items()]
        if self._committing is None or self._committing.done():
            self._committing = self._begin_commit(places)
        try:
            self._committing.result(ANSWER_SECONDS)
        except NoAnswer as error:
            raise self._error(KafkaError(TIMED_OUT)) from error
        except KafkaException as error:
            if error.args[0].code() not in MOVED:
                raise self._error(error.args[0]) from error
        return True

    def _error(self, error: KafkaError) -> BrokerError:
        return broker_error(error, self.address, self._trouble.refusals)

    def _begin_commit(self, places: list[Place]) -> Future[None]:
        """Commit places on a thread: the client waits for a broker that is gone without an end."""
        consumer, committing = self._consumer, Future[None]()
        assert consumer is not None  # noqa: S101 -- the messages came from it

        def commit() -> None:
            try:
                consumer.commit(offsets=places, asynchronous=False)
            except BaseException as error:  # noqa: BLE001 -- the caller gets it
                committing.set_exception(error)
            else:
                committing.set_result(None)

        Thread(target=commit, name="commit", daemon=True).start()
        return committing

    def close(self) -> None:
        """Leave the group, unless a commit still waits for its broker: leaving would wait as well.

        Then the group notices the absence when the session times out.
        """
        consumer, self._consumer = self._consumer, None
        is_waiting = self._committing is not None and not self._committing.done()
        self._committing = None
        if consumer is not None and not is_waiting:
            consumer.close()
