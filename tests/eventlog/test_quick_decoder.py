"""The quick decoder reads what the codec reads, and leaves to it what needs a closer look."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from airbook.domain.airplane import AirplaneClosed
from airbook.domain.reservation import ReservationRequested
from airbook.eventlog.codec import CODEC, MAX_TEXT, Envelope
from airbook.eventlog.quick_decoder import QuickDecoder
from tests.support.stories import at

TOPIC = "ReservationRequested.v1"
DATA = '{"airplane":7,"customer":"c1"}'


def stored(contents: str = DATA, time: str = at(0)) -> bytes:
    return f'{{"at":"{time}","data":{contents}}}'.encode()


def read(topic: object, state: object) -> Envelope[ReservationRequested] | None:
    return QuickDecoder(CODEC, ReservationRequested).decode(topic, state)


def test_what_the_codec_writes_is_read_at_once() -> None:
    event = ReservationRequested(7, "c1")
    envelope = Envelope(at=at(3), by="daemon", cause=7, data=event)
    assert read(*CODEC.encode(event, at(3), "daemon", 7)) == envelope


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("AirplaneClosed.v1", stored("{}")),
        ("ReservationRequested.v2", stored()),
        ("ReservationRequested", stored()),
        (None, stored()),
        (TOPIC, None),
        (TOPIC, stored().decode()),
        (TOPIC, b""),
        (TOPIC, stored()[:-1]),
        (TOPIC, b"\xff" + stored()),
        (TOPIC, stored("{}")),
        (TOPIC, stored('{"airplane":0,"customer":"c1"}')),
        (TOPIC, stored('{"airplane":"7","customer":"c1"}')),
        (TOPIC, stored('{"airplane":7,"customer":"c\\u0000"}')),
        (TOPIC, stored('{"airplane":7,"customer":"é"}')),
        (TOPIC, stored(f'{{"airplane":7,"customer":"{"x" * MAX_TEXT}"}}')),
        (TOPIC, stored(time="0001-01-01T00:00:00.000Z")),
        (TOPIC, stored(time="2026-11-22T09:00:00Z")),
        (TOPIC, stored(time="2026-02-30T09:00:00.000Z")),
    ],
)
def test_what_is_another_event_or_no_ordinary_one_is_left_to_the_codec(
    topic: object, state: object
) -> None:
    assert read(topic, state) is None


def test_a_time_is_checked_after_one_that_is_right() -> None:
    decoder = QuickDecoder(CODEC, ReservationRequested)
    for time, is_read in ((at(1), True), ("yesterday", False), (at(1), True), (at(2), True)):
        assert (decoder.decode(TOPIC, stored(time=time)) is not None) == is_read


def test_events_without_data_are_read() -> None:
    decoder = QuickDecoder(CODEC, AirplaneClosed)
    envelope = Envelope(at=at(0), data=AirplaneClosed())
    assert decoder.decode(*CODEC.encode(envelope.data, envelope.at)) == envelope


@given(strategies.binary(max_size=30) | strategies.text(max_size=30).map(str.encode))
def test_what_is_read_at_once_is_what_the_codec_reads(noise: bytes) -> None:
    for state in (noise, stored() + noise, noise.join((stored()[:30], stored()[30:]))):
        if found := read(TOPIC, state):
            _, time, _, event, by, cause, trace = CODEC.decode(TOPIC, state)
            assert found == Envelope(at=time, by=by, cause=cause, trace=trace, data=event)
