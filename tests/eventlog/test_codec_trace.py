"""The traceparent in the envelope of an event: there while requests are traced, and else not."""

from __future__ import annotations

import pytest
from msgspec import Raw, Struct, json

from airbook.domain.airplane import SeatsChanged
from airbook.eventlog.codec import CODEC, UNKNOWN_TIME, DecodedEvent, UnreadableEvent
from airbook.eventlog.log import Log
from airbook.eventlog.records import Append, Stream, Transaction
from tests.support.stories import NINE, at

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
WRITTEN = f'{{"at":"{at(0)}","by":"a1","trace":"{TRACE}","data":{{"seats":6}}}}'.encode()


class EnvelopeBefore(Struct, frozen=True, kw_only=True):
    """The envelope as an airbook without traces reads it."""

    at: str
    by: str | None = None
    cause: int | None = None
    data: Raw


def test_it_stands_before_the_data_and_is_read_again() -> None:
    topic, state = CODEC.encode(SeatsChanged(6), at(0), "a1", trace=TRACE)
    assert state == WRITTEN
    assert CODEC.decode(topic, state) == DecodedEvent(
        "SeatsChanged", at(0), b'{"seats":6}', SeatsChanged(6), "a1", None, TRACE
    )


def test_without_it_nothing_is_written() -> None:
    _, state = CODEC.encode(SeatsChanged(6), at(0), "a1")
    assert b"trace" not in state


def test_an_older_reader_passes_over_it() -> None:
    read = json.decode(WRITTEN, type=EnvelopeBefore)
    assert (read.at, read.by, bytes(read.data)) == (at(0), "a1", b'{"seats":6}')


@pytest.mark.parametrize("trace", ["", "x", f"{TRACE}0", TRACE.upper(), f"{TRACE}\\u0000"])
def test_what_is_no_traceparent_makes_an_event_unreadable(trace: str) -> None:
    read = CODEC.decode("SeatsChanged.v1", WRITTEN.replace(TRACE.encode(), trace.encode()))
    assert isinstance(read.event, UnreadableEvent)
    assert (read.at, read.trace) == (UNKNOWN_TIME, None)


def test_every_store_keeps_it(any_log: Log) -> None:
    for trace in (TRACE, None):
        version = any_log.head()
        append = Append("airplane", 1, version, (SeatsChanged(6),))
        any_log.append(Transaction(at=NINE, appends=(append,), trace=trace))
    assert [one.trace for one in any_log.stream(Stream("airplane", 1))] == [TRACE, None]
