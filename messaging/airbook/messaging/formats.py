"""The formats in which a relay sends an event; every message is keyed by the airplane."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import json

from airbook.application import cloud_events, seed_format
from airbook.application.event_responses import event_response
from airbook.domain.decider import RESERVATION
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent

Format = Literal["native", "seed", "cloudevents"]
Headers = Sequence[tuple[str, bytes]]

LOG_HEADER = "airbook-log"  # a position, and the digest of the log at it
LOG_VALUE = re.compile(rb"([1-9][0-9]{0,18}) ([0-9a-f]*)")
JSON_TYPE = b"application/json; charset=UTF-8"


class Message(NamedTuple):
    """A message of Kafka. key: messages with the same key keep their order."""

    key: bytes | None
    value: bytes | None
    headers: Headers


class LogMark(NamedTuple):
    """What a message says of the log that it comes from: the digest at a position."""

    position: int
    digest: str

    def header(self) -> tuple[str, bytes]:
        """Return the header that carries this mark."""
        return LOG_HEADER, f"{self.position} {self.digest}".encode()


def mark_in(headers: Headers | None) -> LogMark | None:
    """Return the mark in the headers of a message; None for a message that no relay has sent."""
    value = next((value for name, value in headers or () if name == LOG_HEADER), None)
    found = LOG_VALUE.fullmatch(value) if value else None
    return LogMark(int(found[1]), found[2].decode()) if found else None


def messages_of(
    log: Log, events: Sequence[RecordedEvent], form: Format, log_mark: LogMark
) -> Iterator[Message]:
    """Yield the messages of events, in their order.

    Actors are named by their ids: a topic keeps what it once has, and names can be forgotten.
    """
    for recorded in events:
        airplane = airplane_of(log, recorded)
        kind = cloud_events.CONTENT_TYPE.encode() if form == "cloudevents" else JSON_TYPE
        headers = (log_mark.header(), ("content-type", kind))
        for value in values_of(log, recorded, form, airplane):
            yield Message(str(airplane).encode(), value, headers)


def values_of(log: Log, recorded: RecordedEvent, form: Format, airplane: int) -> Iterator[bytes]:
    """Yield the contents of the messages of one event."""
    match form:
        case "seed":
            yield from (line.encode() for line in seed_format.lines(recorded))
        case "cloudevents":
            yield cloud_events.cloud_event(event_response(recorded), log.identity, airplane)
        case "native":
            yield json.encode(event_response(recorded))


def airplane_of(log: Log, recorded: RecordedEvent) -> int:
    """Return the airplane that an event is about; 0 if no readable event tells it."""
    if recorded.stream.kind != RESERVATION.kind:
        return recorded.stream.number
    if airplane := getattr(recorded.event, "airplane", 0):
        return int(airplane)
    named = (getattr(one.event, "airplane", 0) for one in log.stream(recorded.stream))
    return next((int(airplane) for airplane in named if airplane), 0)
