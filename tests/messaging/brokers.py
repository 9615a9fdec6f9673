"""Fixtures: a broker for all tests, its topics, and a broker that a test may kill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support import apache_kafka
from tests.support.kafka_broker import Broker, OwnBroker, serve


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
