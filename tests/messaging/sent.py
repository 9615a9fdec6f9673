"""What a relay promises of a topic, whatever happened while it sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.support.home import Home
from tests.support.kafka_broker import Broker, Kept
from tests.support.stores import open_log


def each_once_or_more_in_order(home: Home, broker: Broker, topic: str) -> int:
    """Check that every event is on the topic, first in the order of its airplane.

    Returns how many messages are repeated.
    """
    kept = broker.read(topic)
    keys = {one.key for one in kept}
    first = {key: list(dict.fromkeys(positions_of(kept, key))) for key in keys}
    assert {key: sorted(found) for key, found in first.items()} == first
    with open_log(home.kept) as log:
        head = log.head()
    assert sorted(position for found in first.values() for position in found) == [
        *range(1, head + 1)
    ]
    return len(kept) - head


def positions_of(kept: Sequence[Kept], key: str | None) -> Iterator[int]:
    """Yield the positions of the messages with a key, in the order of their partition."""
    for one in kept:
        if one.key == key:
            yield json.loads(one.value)["position"]
