"""A consumer that asks its broker in vain still has the messages that it has not returned yet."""

from __future__ import annotations

from contextlib import closing

import pytest
from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as Place

from airbook.application.errors import BrokerError
from airbook.messaging.address import Address
from airbook.messaging.client import ConnectionTrouble, check_topic
from airbook.messaging.refusals import Refusals
from tests.support.kafka_broker import OwnBroker
from tests.support.waiting import until


def values(consumer: Consumer, most: int) -> list[bytes | None]:
    return [one.value() for one in consumer.consume(most, 1) if one.error() is None]


def test_a_check_of_the_topic_takes_no_message_away(mortal: OwnBroker) -> None:
    mortal.start()
    mortal.create("commands", 1)
    mortal.send("commands", "first", "second", "third")
    address, read = Address(mortal.server, "commands"), list[bytes | None]()

    def has_read() -> bool:
        read.extend(values(consumer, 1))
        return bool(read)

    settings = mortal.settings(group_id="airbook", enable_auto_commit=False)
    with closing(Consumer({**settings, "auto.offset.reset": "earliest"})) as consumer:
        consumer.assign([Place("commands", 0, 0)])
        until(has_read, "the first message")
        mortal.kill()
        with pytest.raises(BrokerError) as caught:
            check_topic(consumer, address, ConnectionTrouble(Refusals()))
        read += values(consumer, 2)
    assert (caught.value.code, read) == ("broker_unreachable", [b"first", b"second", b"third"])
