"""Fixtures: a broker for all tests, its topics, one that a test may kill, and homes of clients."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.faults import homes
from tests.support import apache_kafka
from tests.support.home import Home
from tests.support.kafka_broker import GIVEN, Broker, OwnBroker, serve

# The waits of a client: for more messages, and before it connects again.
WAITS = {
    "AIRBOOK_KAFKA_FETCH_WAIT_MAX_MS": "10",
    "AIRBOOK_KAFKA_RECONNECT_BACKOFF_MAX_MS": "500",
}
# A group of Tansu waits for more members for half a session. Apache Kafka accepts no shorter ones
# than six seconds, and waits for three.
SESSION = {
    "AIRBOOK_KAFKA_SESSION_TIMEOUT_MS": "2000",
    "AIRBOOK_KAFKA_HEARTBEAT_INTERVAL_MS": "200",
}

store_home = homes.home


@pytest.fixture
def home(store_home: Home) -> Home:
    """Return a home on each store, whose Kafka clients wait for short times alone."""
    store_home.environment |= WAITS if GIVEN in os.environ else WAITS | SESSION
    return store_home


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """Run a broker, or use the one named in AIRBOOK_TEST_KAFKA."""
    with closing(serve()) as running:
        yield running


@pytest.fixture
def topic(broker: Broker) -> str:
    """Create a topic of three partitions."""
    return broker.create_topic()


@pytest.fixture
def mortal() -> Iterator[OwnBroker]:
    """Return a broker of the test's own that does not run yet."""
    with closing(OwnBroker()) as broker:
        yield broker


@pytest.fixture
def lasting() -> Iterator[OwnBroker]:
    """Run a broker that keeps its topics when it is killed.

    Tansu is none: with its topics in an object store, it loses messages that it has confirmed.
    """
    with apache_kafka.running() as broker:
        yield broker


@pytest.fixture
def topics(broker: Broker, topic: str) -> str:
    """Create a topic, and that of its dead letters."""
    broker.create(f"{topic}.dead-letters", 1)
    return topic
