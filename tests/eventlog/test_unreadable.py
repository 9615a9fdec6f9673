"""The codec decodes every stored event, unreadable ones as UnreadableEvent."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from airbook.domain.airplane import AirplaneCreated
from airbook.eventlog.codec import (
    CODEC,
    UNKNOWN_TIME,
    Codec,
    DecodedEvent,
    EventType,
    UnreadableEvent,
)
from tests.support.stories import at

CREATED = "AirplaneCreated.v1"
DEEP = "[" * 200_000 + "]" * 200_000


def whole(contents: str) -> bytes:
    return f'{{"at":"{at(0)}","data":{contents}}}'.encode(errors="surrogatepass")


@pytest.mark.parametrize(
    ("topic", "contents", "complaint"),
    [
        ("SeatSold.v1", "{}", "SeatSold"),
        ("", "{}", "''"),
        ("AirplaneCreated", '{"seats":5}', "''"),
        ("AirplaneCreated.v2", '{"seats":5}', "AirplaneCreated.v2 is newer than this program"),
        ("AirplaneCreated.v0", '{"seats":5}', "AirplaneCreated.v0"),
        ("AirplaneCreated.vX", '{"seats":5}', "'X'"),
        (CREATED, "{}", "missing required field `seats`"),
        (CREATED, "[5]", "Expected `object`, got `array`"),
        (CREATED, '{"seats":"5"}', "Expected `int`, got `str`"),
        (CREATED, '{"seats":5.5}', "Expected `int`, got `float`"),
        (CREATED, '{"seats":0}', "Expected `int` >= 1"),
        (CREATED, f'{{"seats":{2**63}}}', "Expected `int` <= 999999999"),
        ("SeatAssigned.v1", '{"reservation":1000000000,"seat":1}', "Expected `int` <= 999999999"),
        (CREATED, '{"seats":5,"name":6}', "got `int` - at `$.name`"),
        ("ReservationRejected.v1", '{"airplane":1,"reason":"rain"}', "Invalid enum value 'rain'"),
    ],
)
def test_the_contents_of_an_unreadable_event_are_kept_with_the_error(
    topic: str, contents: str, complaint: str
) -> None:
    name = topic.partition(".")[0]
    read = CODEC.decode(topic, whole(contents))
    assert isinstance(read.event, UnreadableEvent)
    assert complaint in read.event.error
    assert read == DecodedEvent(name, at(0), contents.encode(), read.event)


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"null",
        b"\xff\xfe",
        b'{"data":{"seats":5}}',
        b'{"at":5,"data":{"seats":5}}',
        whole('{"seats":5'),
        whole('{"seats":NaN}'),
        whole('{"seats":Infinity}'),
        whole('{"seats":5,"name":"\\ud800"}'),
        whole(DEEP),
        whole(f'{{"seats":5,"rows":{DEEP}}}'),
        f'{{"at":{DEEP},"data":{{}}}}'.encode(),
    ],
    ids=lambda state: f"{state[:60]!r}",
)
def test_damaged_json_has_no_contents_and_no_time(state: bytes) -> None:
    read = CODEC.decode(CREATED, state)
    assert isinstance(read.event, UnreadableEvent)
    assert read == DecodedEvent("AirplaneCreated", UNKNOWN_TIME, b"null", read.event)


def test_an_event_whose_upcaster_fails_is_unreadable() -> None:
    demanding = Codec(
        [EventType(AirplaneCreated, "AirplaneCreated", (lambda old: {"seats": old["places"]},))]
    )
    assert demanding.decode(CREATED, whole('{"seats":5}')).event == UnreadableEvent(
        "KeyError: 'places'"
    )


@given(
    strategies.sampled_from([one.name + ".v1" for one in CODEC.event_types]) | strategies.text(),
    strategies.binary(),
)
def test_decoding_any_bytes_raises_no_error(topic: str, state: bytes) -> None:
    assert isinstance(CODEC.decode(topic, state).event, UnreadableEvent)


@given(strategies.binary())
def test_any_contents_can_be_shown_as_text(junk: bytes) -> None:
    read = CODEC.decode(CREATED, b'{"at":"","data":{"seats":"' + junk + b'"}}')
    assert isinstance(read.event, UnreadableEvent)
    assert read.data.decode().startswith(("null", "{"))
