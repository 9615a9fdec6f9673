"""Relays that are killed while events come."""

from __future__ import annotations

import random
import time
from threading import Event, Thread

from airbook.application.commands import Order, Reserve
from airbook.domain.airplane import CreateAirplane
from airbook.eventlog.log import Log
from tests.messaging.sent import each_once_or_more_in_order
from tests.support.home import Home
from tests.support.kafka_broker import Broker
from tests.support.stores import open_log
from tests.support.waiting import until_reached

AIRPLANES = 7


def relaying_while_killed(
    home: Home,
    broker: Broker,
    topic: str,
    *,
    kills: int,
    seed: int,
    ended: Event | None = None,
) -> int:
    """Kill relays while customers reserve; every event is sent, in the order of its airplane.

    ended: set after the last kill. Returns how many messages were sent more than once.
    """
    print(f"seed {seed}")
    chance, ended = random.Random(seed), ended or Event()
    with home.airbook() as airbook:
        airbook.execute_all([Order(CreateAirplane(500))] * AIRPLANES)
    customers = Thread(target=reserve_until, args=(home, ended))
    customers.start()
    words = ("relay", "--to", broker.address(topic))
    try:
        for _ in range(kills):
            with home.running(*words) as relay:
                relay.wait_for_log("relayed")
                time.sleep(chance.uniform(0, 0.3))
    finally:
        ended.set()
        customers.join()
    with home.running(*words) as relay:
        with open_log(home.kept) as log:
            until_reached(log.head(), lambda: reached(log), "all to be sent")
        assert relay.stop().code == 0
    return each_once_or_more_in_order(home, broker, topic)


def reached(log: Log) -> int:
    """Return the checkpoint of the only relay."""
    return sum(log.registry.checkpoints().values())


def reserve_until(home: Home, ended: Event) -> None:
    """Reserve in commits of different sizes, without a pause."""
    number = 0
    with home.airbook() as airbook:
        while not ended.is_set():
            number += 1
            orders = [Order(Reserve(one % AIRPLANES + 1, "kim")) for one in range(number % 23)]
            airbook.execute_all(orders or [Order(Reserve(1, "lee"))])
