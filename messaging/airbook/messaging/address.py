"""The address of a topic, and the settings of the Kafka client, as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from airbook.application.errors import SettingError
from airbook.application.text import parsing
from airbook.application.text.labels import mark
from airbook.application.text.terminal import shown

SERVER = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):[0-9]{1,5}"
TOPIC = r"[A-Za-z0-9._-]{1,249}"  # Apache Kafka's own rule
ADDRESS = re.compile(rf"kafka://({SERVER}(?:,{SERVER})*)/({TOPIC})", re.ASCII)
SECRET = re.compile(r"password|secret|\.key\.pem|\.pem\.key|token", re.ASCII)
SETTING = re.compile(r"([a-z][a-z0-9._-]*)=(.*)", re.ASCII | re.DOTALL)
# What airbook promises rests on these settings.
OWN = frozenset(
    {
        *("bootstrap.servers", "metadata.broker.list", "group.id", "client.id"),
        *("enable.idempotence", "enable.gapless.guarantee", "acks", "request.required.acks"),
        *("message.timeout.ms", "delivery.timeout.ms", "transactional.id", "retries"),
        *("enable.auto.commit", "enable.auto.offset.store", "enable.partition.eof"),
        *("auto.offset.reset",),
    }
)


class Address(NamedTuple):
    """Where a topic is. servers: HOST:PORT of one or more brokers, joined by commas."""

    servers: str
    topic: str

    def __str__(self) -> str:
        return f"kafka://{self.servers}/{self.topic}"


def address(word: str) -> Address:
    """Parse kafka://HOST:PORT/TOPIC, with one or more brokers. Raises Mistyped."""
    if "@" in word:
        parsing.refuse(
            mark("A Kafka address names no account: set {names} in the environment."),
            names="AIRBOOK_KAFKA_SASL_USERNAME, AIRBOOK_KAFKA_SASL_PASSWORD",
        )
    if not (found := ADDRESS.fullmatch(word)):
        parsing.refuse(
            mark("{word} is not an address like kafka://localhost:9092/airbook."), word=shown(word)
        )
    return Address(*found.groups())


def topic(word: str) -> str:
    """Parse the name of a topic. Raises Mistyped."""
    if not re.fullmatch(TOPIC, word, re.ASCII):
        parsing.refuse(mark("{word} cannot be the name of a topic."), word=shown(word))
    return word


def settings_of(words: Sequence[str], known: Mapping[str, str]) -> Mapping[str, str]:
    """Return the settings of the Kafka client.

    words: NAME=VALUE, as they were typed; they come before the known settings. Raises Mistyped for
    a secret, which other users of the machine could read in a command line; raises SettingError for
    a setting on which the promises of airbook rest.
    """
    settings = dict(known)
    for word in words:
        if not (found := SETTING.fullmatch(word)):
            parsing.refuse(mark("{word} is not a setting like NAME=VALUE."), word=shown(word))
        name, value = found.groups()
        if SECRET.search(name):
            variable = f"AIRBOOK_KAFKA_{name.upper().replace('.', '_')}"
            parsing.refuse(
                mark("Others can read a command line: set {variable} in the environment."),
                variable=variable,
            )
        settings[name] = value
    if own := sorted(OWN & settings.keys()):
        sentence = mark("The Kafka setting {name} is airbook's own.")
        raise SettingError(sentence, name=own[0])
    return settings
