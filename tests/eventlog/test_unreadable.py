"""The codec decodes every stored event, unreadable ones as UnreadableEvent."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from airbook.domain.airplane import AirplaneCreated
from airbook.domain.decider import Event
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.codec import (
    CODEC,
    MAX_POSITION,
    UNKNOWN_TIME,
    Codec,
    DecodedEvent,
    EventType,
    UnreadableEvent,
)
from tests.support.stories import at

CREATED = "AirplaneCreated.v1"
DEEP = "[" * 1_000_000 + "]" * 1_000_000  # Python 3.14 counts bytes of the stack, not levels
SPACE = r"\u0020"


def whole(contents: str, time: str = at(0)) -> bytes:
    return f'{{"at":"{time}","data":{contents}}}'.encode(errors="surrogatepass")


def acted(text: str) -> bytes:
    return f'{{"at":"{at(0)}",{text},"data":{{"seats":5}}}}'.encode()


@pytest.mark.parametrize(
    ("topic", "contents", "complaint"),
    [
        ("SeatSold.v1", "{}", "SeatSold"),
        ("", "{}", "'' is no event type of this program"),
        ("AirplaneCreated", '{"seats":5}', "'AirplaneCreated' is no event type of this program"),
        ("AirplaneCreated.v2", '{"seats":5}', "AirplaneCreated.v2 is newer than this program"),
        ("AirplaneCreated.v0", '{"seats":5}', "'AirplaneCreated.v0' is no event type"),
        ("AirplaneCreated.vX", '{"seats":5}', "'AirplaneCreated.vX' is no event type"),
        (CREATED, "{}", "missing required field `seats`"),
        (CREATED, "[5]", "Expected `object`, got `array`"),
        (CREATED, '{"seats":"5"}', "Expected `int`, got `str`"),
        (CREATED, '{"seats":5.5}', "Expected `int`, got `float`"),
        (CREATED, '{"seats":0}', "Expected `int` >= 1"),
        (CREATED, f'{{"seats":{2**63}}}', "Expected `int` <= 999999999"),
        ("SeatAssigned.v1", '{"reservation":1000000000,"seat":1}', "Expected `int` <= 999999999"),
        (CREATED, '{"seats":true}', "Expected `int`, got `bool`"),
        (CREATED, '{"seats":null}', "Expected `int`, got `null`"),
        (CREATED, '{"seats":5,"name":6}', "got `int` - at `$.name`"),
        (CREATED, '{"seats":5,"name":"a\\u0000b"}', "a text with NUL in it, or too long"),
        (CREATED, f'{{"seats":5,"name":"{"x" * 501}"}}', "a text with NUL in it, or too long"),
        ("ReservationRequested.v1", '{"airplane":1,"customer":"\\u0000"}', "a text with NUL in it"),
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
        whole('{"seats":5,"name":"\ud800"}'),
        whole('{"seats":5,"colour":"\\ud800"}'),
        whole('{"seats":5,"name":"\x1b"}'),
        whole('{"seats":5,"name":"\0"}'),
        whole(DEEP),
        whole(f'{{"seats":5,"rows":{DEEP}}}'),
        f'{{"at":{DEEP},"data":{{}}}}'.encode(),
        acted('"by":""'),
        acted('"by":5'),
        acted('"by":"\\u0000"'),
        acted('"by":"\\ud800"'),
        acted(f'"by":"{"x" * 501}"'),
        acted('"cause":0'),
        acted('"cause":-1'),
        acted('"cause":7.5'),
        acted('"cause":"7"'),
        acted('"cause":true'),
        acted(f'"cause":{MAX_POSITION + 1}'),
    ],
    ids=lambda state: f"{state[:60]!r}",
)
def test_damaged_json_has_no_contents_and_no_time(state: bytes) -> None:
    read = CODEC.decode(CREATED, state)
    assert isinstance(read.event, UnreadableEvent)
    assert read == DecodedEvent("AirplaneCreated", UNKNOWN_TIME, b"null", read.event)


@pytest.mark.parametrize(
    "time",
    [
        "",
        "soon",
        r"\u0000",
        f"{at(0)}\\u0000",
        "2026-11-22",
        "2026-11-22T09:00:00.000",
        "2026-11-22T09:00Z",
        "2026-11-22T18:00:00.000+09:00",
        "2026-W47-7T09:00:00.000Z",
        "２０２６-11-22T09:00:00.000Z",
        "2026-11-22T09:00:00.００0Z",
        f"2026-11-22T09:00:00.{'0' * 600}Z",
        "2026-02-30T09:00:00.000Z",
        "2026-11-22T24:00:00.000Z",
        "2026-11-22T25:00:00.000Z",
        r"2026-11-22\u001b09:00:00.000Z",
        "2026-11-22\u202e09:00:00.000Z",
        "0000-01-01T00:00:00.000Z",
        "0001-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ],
    ids=lambda time: ascii(time[:40]),
)
def test_a_time_that_airbook_never_writes_makes_an_event_unreadable(time: str) -> None:
    read = CODEC.decode(CREATED, whole('{"seats":5}', time))
    assert isinstance(read.event, UnreadableEvent)
    assert read == DecodedEvent("AirplaneCreated", UNKNOWN_TIME, b"null", read.event)


@pytest.mark.parametrize(
    ("topic", "contents", "event"),
    [
        (CREATED, '{"seats":5,"name":"\\u001b[31m\\u202e"}', AirplaneCreated(5, "\x1b[31m\u202e")),
        (CREATED, '{"seats":5,"name":"\\\\u0000"}', AirplaneCreated(5, r"\u0000")),
        (CREATED, f'{{"seats":5,"name":"{"좌" * 500}"}}', AirplaneCreated(5, "좌" * 500)),
        (CREATED, f'{{"seats":5,"name":"{SPACE * 500}"}}', AirplaneCreated(5, " " * 500)),
        (CREATED, '{"seats":5,"colour":"\\u0000"}', AirplaneCreated(5)),
        (CREATED, f'{{"seats":5,"colour":"{"x" * 501}"}}', AirplaneCreated(5)),
        (CREATED, '{"seats":4,"seats":5}', AirplaneCreated(5)),
        ("ReservationRequested.v1", '{"airplane":1,"customer":""}', ReservationRequested(1, "")),
    ],
    ids=range(8),
)
def test_a_strange_text_that_every_store_can_hold_is_read(
    topic: str, contents: str, event: Event
) -> None:
    name = topic.removesuffix(".v1")
    assert CODEC.decode(topic, whole(contents)) == DecodedEvent(
        name, at(0), contents.encode(), event
    )


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
    read = CODEC.decode(CREATED, whole('{"seats":"%"}').replace(b"%", junk))
    assert isinstance(read.event, UnreadableEvent)
    assert (read.at, read.data.decode()[:1]) in {(at(0), "{"), (UNKNOWN_TIME, "n")}
