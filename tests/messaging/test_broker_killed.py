"""A broker that keeps its topics is killed under the intake and the relay."""

from __future__ import annotations

import random

from tests.messaging.disturbing import working_while_the_broker_is_killed
from tests.support.home import Home
from tests.support.kafka_broker import OwnBroker


def test_nothing_is_lost_or_doubled_while_the_broker_is_killed(
    home: Home, lasting: OwnBroker
) -> None:
    seed = random.randrange(1_000_000)
    assert working_while_the_broker_is_killed(home, lasting, kills=3, seed=seed).messages > 0
