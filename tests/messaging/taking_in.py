"""Intakes that are killed while messages come."""

from __future__ import annotations

import json
import random
import time
from threading import Event, Thread
from uuid import uuid4

from airbook.domain.airplane import CreateAirplane
from tests.support.home import Home
from tests.support.kafka_broker import Broker
from tests.support.stores import open_log
from tests.support.waiting import until_reached


def taking_in_while_killed(home: Home, broker: Broker, topic: str, *, kills: int, seed: int) -> int:
    """Kill intakes while messages come; each message has its effect once.

    Returns how many messages were sent.
    """
    print(f"seed {seed}")
    chance, ended, sent = random.Random(seed), Event(), list[str]()
    with home.airbook() as airbook:
        airbook.execute(CreateAirplane(1_000))
    sender = Thread(target=send_until, args=(broker, topic, ended, sent))
    sender.start()
    words = ("intake", "--from", broker.address(topic), "--group", f"g-{uuid4().hex}")
    try:
        for _ in range(kills):
            with home.running(*words) as intake:
                intake.wait_for_log("taken_in")
                time.sleep(chance.uniform(0, 0.3))
    finally:
        ended.set()
        sender.join()
    with home.running(*words) as intake:
        with open_log(home.kept) as log:
            until_reached(len(sent) + 1, log.head, "all to be taken in")
        assert intake.stop().code == 0
    assert sorted(customers(home)) == sorted(sent)
    return len(sent)


def send_until(broker: Broker, topic: str, ended: Event, sent: list[str]) -> None:
    """Send requests of different customers, in bursts."""
    while not ended.is_set():
        burst = [f"customer {len(sent) + one}" for one in range(20)]
        broker.send(topic, *map(request, burst))
        sent += burst
        time.sleep(0.02)


def request(customer: str) -> str:
    return json.dumps({"eventType": "ReservationRequested", "airPlaneId": 1, "customer": customer})


def customers(home: Home) -> list[str]:
    """List who has reserved, once for each reservation."""
    with open_log(home.kept) as log:
        found = [one.event for one in log.after(0, 1_000_000)]
        ids = [getattr(event, "customer", None) for event in found]
        names = log.registry.customer_names(sorted({one for one in ids if one}))
    return [names[one] for one in ids if one]
