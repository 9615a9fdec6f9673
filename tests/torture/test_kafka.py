"""Relays, intakes and brokers are killed at any moment, and what they promise stays true."""

from __future__ import annotations

import os
import random
from threading import Event, Thread

import pytest

from tests.messaging.brokers import broker, home, lasting, store_home, topic, topics
from tests.messaging.disturbing import working_while_the_broker_is_killed
from tests.messaging.relaying import relaying_while_killed
from tests.messaging.sent import each_once_or_more_in_order
from tests.messaging.taking_in import taking_in_while_killed
from tests.support.home import Home
from tests.support.kafka_broker import Broker, OwnBroker
from tests.torture.figures import Record

__all__ = ["broker", "home", "lasting", "store_home", "topic", "topics"]

pytestmark = pytest.mark.torture

KILLS = int(os.environ.get("AIRBOOK_KILLS", "100")) // 5


def test_relays_are_killed(home: Home, broker: Broker, topic: str, record_property: Record) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    repeated = relaying_while_killed(home, broker, topic, kills=KILLS, seed=seed)
    record_property("repeated", repeated)


def test_intakes_are_killed(
    home: Home, broker: Broker, topics: str, record_property: Record
) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    sent = taking_in_while_killed(home, broker, topics, kills=KILLS, seed=seed)
    record_property("messages", sent)


def test_brokers_are_killed_under_relays(
    home: Home, lasting: OwnBroker, record_property: Record
) -> None:
    seed, ended = random.randrange(1_000_000), Event()
    record_property("seed", seed)
    topic = lasting.create_topic()
    killer = Thread(target=kill_until, args=(lasting, ended, seed))
    killer.start()
    try:
        relaying_while_killed(home, lasting, topic, kills=KILLS, seed=seed, ended=ended)
    finally:
        ended.set()
        killer.join()
    record_property("repeated", each_once_or_more_in_order(home, lasting, topic))


def test_brokers_are_killed_under_intake_and_relay(
    home: Home, lasting: OwnBroker, record_property: Record
) -> None:
    seed = random.randrange(1_000_000)
    record_property("seed", seed)
    found = working_while_the_broker_is_killed(home, lasting, kills=KILLS, seed=seed)
    record_property("messages", found.messages)
    record_property("repeated", found.repeated)


def kill_until(broker: OwnBroker, ended: Event, seed: int) -> None:
    """Kill a broker and start it again, at random moments."""
    chance = random.Random(seed)
    while not ended.wait(chance.uniform(10, 20)):  # a start takes seconds
        broker.kill()
        ended.wait(chance.uniform(0, 2))
        broker.start()
