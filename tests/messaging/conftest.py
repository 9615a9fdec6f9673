"""The fixtures of the tests of Kafka: brokers, topics, and homes on both stores."""

from __future__ import annotations

from tests.messaging.brokers import broker, home, lasting, mortal, store_home, topic, topics

__all__ = ["broker", "home", "lasting", "mortal", "store_home", "topic", "topics"]
