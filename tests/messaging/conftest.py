"""The fixtures of the tests of Kafka: brokers, topics, and homes on both stores."""

from __future__ import annotations

from tests.faults.homes import home
from tests.messaging.brokers import broker, lasting, mortal, topic, topics

__all__ = ["broker", "home", "lasting", "mortal", "topic", "topics"]
