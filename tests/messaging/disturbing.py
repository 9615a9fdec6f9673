"""An intake and a relay whose broker is killed while messages come."""

from __future__ import annotations

import random
import time
from contextlib import closing
from threading import Event, Thread
from typing import NamedTuple

from confluent_kafka import KafkaException

from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.log import Log
from tests.messaging.relaying import reached
from tests.messaging.sent import each_once_or_more_in_order
from tests.messaging.taking_in import customers, request
from tests.support.home import Home
from tests.support.kafka_broker import Broker, OwnBroker
from tests.support.waiting import until, until_reached

# A member that is killed holds its partitions for so long.
SESSION = ("--set", "session.timeout.ms=6000", "--set", "heartbeat.interval.ms=500")
PATIENCE = 300.0  # a broker that starts again lets its clients wait for their old sessions


class Worked(NamedTuple):
    """messages: that were sent to the intake. repeated: messages that the relay sent again."""

    messages: int
    repeated: int


def working_while_the_broker_is_killed(
    home: Home, broker: OwnBroker, *, kills: int, seed: int
) -> Worked:
    """Kill a broker under load: each message has its effect once, and each event is sent in order.

    The intake and the relay are never started again.
    """
    print(f"seed {seed}")
    chance, ended, sent = random.Random(seed), Event(), list[str]()
    events, commands = broker.create_topic(), broker.create_topic()
    broker.create(f"{commands}.dead-letters", 1)
    with home.airbook() as airbook:
        airbook.execute(CreateAirplane(1_000))
    sender = Thread(target=send_until, args=(broker, commands, ended, sent))
    with (
        closing(home.kept.open_log()) as log,
        home.running("relay", "--to", broker.address(events)) as relay,
        home.running("intake", "--from", broker.address(commands), *SESSION) as intake,
    ):
        sender.start()
        try:
            for _ in range(kills):
                until_both_go_on(log)
                time.sleep(chance.uniform(0, 0.5))
                broker.kill()
                time.sleep(chance.uniform(0, 1))
                broker.start()
            until_both_go_on(log)
        finally:
            ended.set()
            sender.join()
        until_reached(len(sent) + 1, log.head, "all to be taken in")
        until_reached(log.head(), lambda: reached(log), "all to be sent")
        assert (intake.stop().code, relay.stop().code) == (0, 0)
    assert sorted(customers(home)) == sorted(sent)
    return Worked(len(sent), each_once_or_more_in_order(home, broker, events))


def until_both_go_on(log: Log) -> None:
    """Wait until the intake has taken in a message and the relay has sent its event."""
    head = log.head()
    until(lambda: reached(log) > head, "the intake and the relay to go on", PATIENCE)


def send_until(broker: Broker, topic: str, ended: Event, sent: list[str]) -> None:
    """Send requests of different customers, each until the broker has confirmed it."""
    while not ended.is_set():
        customer = f"customer {len(sent)}"
        while not is_confirmed(broker, topic, customer):
            pass
        sent.append(customer)


def is_confirmed(broker: Broker, topic: str, customer: str) -> bool:
    """Send the request of a customer under a key of its own; it may be kept in spite of False."""
    try:
        broker.send(topic, request(customer), idempotency_key=customer)
    except KafkaException:
        return False
    return True
