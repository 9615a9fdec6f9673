"""The end of a topic: what the newest message of a relay says of the log that it comes from."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from typing import cast

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from structlog.typing import FilteringBoundLogger

from airbook.messaging.address import Address
from airbook.messaging.client import (
    ANSWER_SECONDS,
    ConnectionTrouble,
    broker_error,
    check_topic,
    make_client,
)
from airbook.messaging.error_codes import END_OF_PARTITION, TIMED_OUT
from airbook.messaging.formats import Headers, LogMark, mark_in
from airbook.messaging.refusals import Refusals

LAST_MESSAGES = 10  # of a partition: its last offsets can belong to no message


def newest_mark(
    address: Address, settings: Mapping[str, str], log: FilteringBoundLogger, refusals: Refusals
) -> LogMark | None:
    """Return the mark of the newest message that a relay has sent to a topic; None without one.

    refusals: of the relay. Raises BrokerError.
    """
    trouble = ConnectionTrouble(refusals)
    consumer = make_client(
        Consumer,
        address,
        settings,
        log,
        {
            "group.id": "airbook-relay",  # the client demands a name; nothing is kept under it
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "error_cb": trouble.report,
        },
    )
    with closing(consumer):
        try:
            return read_newest(consumer, address, trouble)
        except KafkaException as error:
            raise broker_error(error.args[0], address, refusals) from error


def read_newest(consumer: Consumer, address: Address, trouble: ConnectionTrouble) -> LogMark | None:
    """Read the ends of all partitions; returns the mark of the message with the latest time.

    trouble: of the consumer.
    """
    ends = [
        TopicPartition(address.topic, partition, max(low, high - LAST_MESSAGES))
        for partition in check_topic(consumer, address, trouble, may_poll=True)
        for low, high in [
            consumer.get_watermark_offsets(
                TopicPartition(address.topic, partition), timeout=ANSWER_SECONDS
            )
        ]
        if high > low
    ]
    consumer.assign(ends)
    unread, newest = {end.partition for end in ends}, (0, LogMark(0, ""))
    until = time.monotonic() + ANSWER_SECONDS
    while unread:
        if (message := consumer.poll(0.1)) is None:
            if time.monotonic() > until:
                raise broker_error(KafkaError(TIMED_OUT), address, trouble.refusals)
            continue
        if (error := message.error()) is not None:
            if error.code() != END_OF_PARTITION:
                raise broker_error(error, address, trouble.refusals)
            unread.discard(message.partition())
        elif log_mark := mark_in(cast("Headers | None", message.headers())):
            newest = max(newest, (message.timestamp()[1], log_mark))
    return newest[1] if newest[1].position else None
