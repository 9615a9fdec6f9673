"""The page about Kafka: its commands are run, and its messages are on the topics."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.home import Home
from tests.support.kafka_broker import Broker, serve
from tests.support.waiting import until

pytestmark = pytest.mark.process

PAGE = Path(__file__).parents[2] / "docs" / "kafka.md"
BLOCK = re.compile(r"(?ms)^```(console|json)(?: (\w+)=(\w+))?\n(.*?)^```$")


class Block(NamedTuple):
    """A block of the page. use: what the lines are for. topic: where they are."""

    language: str
    use: str
    topic: str
    lines: list[str]


@pytest.fixture
def broker() -> Iterator[Broker]:
    with closing(serve()) as running:
        yield running


def blocks() -> list[Block]:
    return [
        Block(language, use, topic, text.splitlines())
        for language, use, topic, text in BLOCK.findall(PAGE.read_text())
    ]


def without_times(line: str) -> str:
    return re.sub(r'"timestamp":\d+', '"timestamp":0', line)


def test_the_page_about_kafka(tmp_path: Path, broker: Broker) -> None:
    home, names = Home(tmp_path), dict[str, str]()
    for topic in ("airbook", "commands", "refused"):
        names[topic] = broker.create_topic(1)
    relaying, on_topic, taking_in, sent, dead = blocks()
    for line in relaying.lines:
        answer = home(*words(line, broker, names))
        assert answer.code == 0, answer
    assert list(map(without_times, broker.values(names[on_topic.topic]))) == list(
        map(without_times, on_topic.lines)
    )
    (line,) = taking_in.lines
    with home.running(*words(line, broker, names)) as intake:
        broker.send(names[sent.topic], *sent.lines)
        until(lambda: broker.values(names[dead.topic]), "the dead letter")
        assert intake.stop().code == 0
    (letter,) = broker.read(names[dead.topic])
    assert json.loads(dead.lines[0]).items() <= letter.headers.items()
    shown = home.json("my-page", "--all")
    assert [(one["id"], one["customer"], one["status"]) for one in shown] == [
        (1, "kim", "cancelled"),
        (2, "lee", "rejected"),
        (3, "park", "received"),
    ]


def words(line: str, broker: Broker, names: dict[str, str]) -> list[str]:
    """Return the words of a command of the page, with the broker and the topics of the test."""
    line = line.removeprefix("$ airbook ").replace("localhost:9092", broker.server)
    for name, topic in names.items():
        line = line.replace(f"/{name}", f"/{topic}").replace(f"letter {name}", f"letter {topic}")
    return shlex.split(line)
