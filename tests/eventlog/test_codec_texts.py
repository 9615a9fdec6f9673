"""The texts of stored events: strange names and versions make an event unreadable."""

from __future__ import annotations

import pytest

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.decider import Event
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.codec import CODEC, MAX_TEXT, DecodedEvent, UnreadableEvent
from tests.support.stories import at

LONGEST = "é" * MAX_TEXT
STRANGE = UnreadableEvent("ValueError: a text with NUL in it, or too long")


def created(name: str, after: str = "") -> str:
    return f'{{"seats":5,"name":"{name}"{after}}}'


def requested(customer: str) -> str:
    return f'{{"airplane":1,"customer":"{customer}"}}'


def stored(contents: str, time: str = at(0)) -> bytes:
    return f'{{"at":"{time}","data":{contents}}}'.encode()


@pytest.mark.parametrize(
    ("topic", "contents", "event"),
    [
        ("AirplaneCreated.v1", created(LONGEST), AirplaneCreated(5, LONGEST)),
        ("AirplaneCreated.v1", created("Jeju", " " * MAX_TEXT), AirplaneCreated(5, "Jeju")),
        ("AirplaneCreated.v1", created("\\\\u0000"), AirplaneCreated(5, "\\u0000")),
        ("ReservationRequested.v1", requested(LONGEST), ReservationRequested(1, LONGEST)),
        ("AirplaneCreated.v1", created(LONGEST + "é"), STRANGE),
        ("AirplaneCreated.v1", created("e" * (MAX_TEXT + 1)), STRANGE),
        ("AirplaneCreated.v1", created("Je\\u0000ju"), STRANGE),
        ("ReservationRequested.v1", requested("e" * (MAX_TEXT + 1)), STRANGE),
        ("ReservationRequested.v1", requested("\\u0000"), STRANGE),
    ],
)
def test_a_text_with_nul_or_longer_than_the_longest_is_unreadable(
    topic: str, contents: str, event: Event | UnreadableEvent
) -> None:
    name = topic.removesuffix(".v1")
    assert CODEC.decode(topic, stored(contents)) == DecodedEvent(
        name, at(0), contents.encode(), event
    )


def test_a_version_is_written_in_one_way() -> None:
    read = CODEC.decode("AirplaneClosed.v01", stored("{}"))
    assert isinstance(read.event, UnreadableEvent)
    assert read == DecodedEvent("AirplaneClosed", at(0), b"{}", read.event)
