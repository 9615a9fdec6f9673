"""The intake among faults: killed, without its broker, on a locked store."""

from __future__ import annotations

import random

from airbook.domain.airplane import CreateAirplane
from tests.messaging.taking_in import customers, request, taking_in_while_killed
from tests.support.home import Home
from tests.support.kafka_broker import Broker, OwnBroker
from tests.support.waiting import until


def test_each_message_has_its_effect_once_while_intakes_are_killed(
    home: Home, broker: Broker, topics: str
) -> None:
    seed = random.randrange(1_000_000)
    assert taking_in_while_killed(home, broker, topics, kills=2, seed=seed) > 0


def test_an_intake_waits_for_its_broker_and_says_it_once(home: Home, mortal: OwnBroker) -> None:
    with home.airbook() as airbook:
        airbook.execute(CreateAirplane(9))
    with home.running("intake", "--from", mortal.address("late")) as intake:
        told = intake.wait_for_log("broker_unreachable")
        assert (told["broker"], told["level"]) == (mortal.server, "warning")
        mortal.start()
        mortal.create("late")
        intake.wait_for_log("ready")
        mortal.send("late", request("kim"))
        until(lambda: customers(home) == ["kim"], "the first request")
        mortal.kill()
        intake.wait_for_log("broker_unreachable")
        answer = intake.stop()
    assert (answer.code, answer.err.count('"event": "broker_unreachable"')) == (0, 2)
