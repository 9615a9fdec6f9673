"""What producers and consumers share: their configuration, their own messages and their errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from structlog.typing import FilteringBoundLogger

from airbook.application.errors import BrokerError, BrokerTrouble, SettingError
from airbook.application.text.labels import mark
from airbook.messaging.address import Address
from airbook.messaging.error_codes import (
    ALL_DOWN,
    AWAY,
    DENIED,
    LASTING_CODES,
    MISSING,
    REFUSED,
    UNREACHABLE,
)
from airbook.messaging.refusals import Refusals

ANSWER_SECONDS = 5.0  # a broker that says nothing for so long counts as unreachable
NOTHING: Mapping[str, object] = {}
Client = TypeVar("Client")


class ForwardedLog(logging.Handler):
    """Passes what the Kafka client says on to the log of airbook, as debug messages."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Log one message."""
        self._log.debug("kafka_client", message=record.getMessage())


def make_client(
    client: Callable[[dict[str, Any]], Client],
    address: Address,
    settings: Mapping[str, str],
    log: FilteringBoundLogger,
    own: Mapping[str, object] = NOTHING,
) -> Client:
    """Return a client. settings: of the user. own: of airbook, which come first.

    Raises SettingError if the client does not accept a setting.
    """
    logger = logging.Logger("kafka")  # noqa: LOG001 -- no other library shall change it
    logger.addHandler(ForwardedLog(log))
    configuration = {
        "client.id": "airbook",
        "bootstrap.servers": address.servers,
        **settings,
        **own,
    }
    try:
        return client({**configuration, "logger": logger})
    except (KafkaException, TypeError, ValueError) as error:
        reason = error.args[0].str() if isinstance(error, KafkaException) else str(error)
        sentence = mark("The Kafka client does not accept its settings: {error}")
        raise SettingError(sentence, error=reason) from error


def broker_error(
    error: KafkaError,
    address: Address,
    refusals: Refusals,
    other: BrokerTrouble = "broker_unreachable",
) -> BrokerError:
    """Return an error of the client as airbook reports it.

    refusals: of the user of the client; a refusal is added. other: the code of all other errors.
    """
    code, passing = other, None
    if error.code() in REFUSED:
        code, passing = "broker_refused", not refusals.add()
    elif error.code() in DENIED:
        code = "access_denied"
    elif error.code() in MISSING:
        code = "topic_missing"
    elif error.code() in UNREACHABLE:
        code = "broker_unreachable"
    values = {"topic": address.topic, "error": error.str()}
    return BrokerError(code, address.servers, passing=passing, **values)


class ConnectionTrouble:
    """What keeps a client from its broker, as the client reports it.

    error: the last error that the client does not end soon by itself; None after a success.
    refusals: of all clients with the same purpose.
    """

    def __init__(self, refusals: Refusals) -> None:
        self.error: KafkaError | None = None
        self.refusals = refusals

    def report(self, error: KafkaError) -> None:
        """Note an error of a connection."""
        if error.code() == ALL_DOWN and self.is_refusal():
            return  # the client has closed its only connection, because it was refused
        if error.code() in AWAY and self.refusals.was_answered:
            self.error = None if self.is_refusal() else self.error
        if error.code() in LASTING_CODES:
            self.error = error

    def is_refusal(self) -> bool:
        """Return whether the broker, or the client itself, has refused the connection."""
        return self.error is not None and self.error.code() in REFUSED


def check_topic(
    client: Any,  # noqa: ANN401 -- they share no type
    address: Address,
    trouble: ConnectionTrouble,
    *,
    may_poll: bool = False,
) -> list[int]:
    """Return the partitions of a topic. Raises BrokerError.

    client: a producer, or a consumer. trouble: of this client, which tells why nobody answers.
    may_poll: whether a poll can lose no message: it takes one from a consumer that reads already.
    """
    try:
        found = client.list_topics(address.topic, timeout=ANSWER_SECONDS).topics[address.topic]
    except KafkaException as error:
        if may_poll:
            client.poll(0)  # reports the errors of the connections
        why = trouble.error if trouble.is_refusal() else None
        raise broker_error(why or error.args[0], address, trouble.refusals) from error
    trouble.refusals.end()
    if found.error is not None:
        raise broker_error(found.error, address, trouble.refusals)
    return sorted(found.partitions)
