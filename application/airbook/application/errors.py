"""The errors of a setting that has an unusable value, and of a broker of messages."""

from __future__ import annotations

from typing import Literal

from airbook.application.text.labels import mark
from airbook.eventlog.errors import StoreError

BrokerTrouble = Literal[
    "broker_unreachable",
    "broker_refused",
    "access_denied",
    "topic_missing",
    "message_refused",
    "topic_of_other_log",
]
# These last until the program is started again, with other settings, unless an error says passing.
LASTING: frozenset[BrokerTrouble] = frozenset({"broker_refused", "topic_of_other_log"})

BROKER_SENTENCES: dict[BrokerTrouble, str] = {
    "broker_unreachable": mark("No Kafka broker answers at {broker}: {error}"),
    "broker_refused": mark("The connection to the Kafka broker at {broker} is refused: {error}"),
    "access_denied": mark(
        "The Kafka broker at {broker} does not let this account use the topic {topic}"
        " or the group: {error}"
    ),
    "topic_missing": mark("There is no topic {topic} at {broker}."),
    "message_refused": mark("The topic {topic} at {broker} does not take a message: {error}"),
    "topic_of_other_log": mark(
        "The topic {topic} at {broker} holds event {position} of another log: this one was"
        " replaced, perhaps by an older backup. With --from {next} it is sent all the same."
    ),
}


class SettingError(Exception):
    """A setting has a value that cannot be used.

    sentence: English, with {placeholders}. values: the texts for the placeholders.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self.values = values


class BrokerError(Exception):
    """A broker of messages did not do what was asked; nothing that it kept is lost.

    code: a BrokerTrouble. broker: its address. sentence: English, with {placeholders} for values,
    which fronts translate. passing: the trouble may end by itself, or by an administrator's action;
    by default what is usual for its code.
    """

    def __init__(
        self,
        code: BrokerTrouble,
        broker: str,
        *,
        passing: bool | None = None,
        **values: int | str,
    ) -> None:
        super().__init__(code, broker)
        self.code: BrokerTrouble = code
        self.sentence = BROKER_SENTENCES[code]
        self.values: dict[str, int | str] = {"broker": broker, **values}
        self.passing = code not in LASTING if passing is None else passing

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


# What a patient process may ride out.
Failure = StoreError | BrokerError
