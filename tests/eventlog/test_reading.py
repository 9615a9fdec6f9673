"""An unreadable event is listed as unreadable, and the events after it are read."""

from __future__ import annotations

import pytest

from airbook.domain.airplane import AirplaneCreated, AirplaneState
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log, UnreadableStream
from airbook.eventlog.records import RecordedEvent, Stream
from tests.support.stores import insert_as_is
from tests.support.stories import at, of_airplane, record

CREATED = AirplaneCreated(5)
CONTENTS = b'{"seats":5,"name":null}'
STATE = f'{{"at":"{at(2)}","data":{CONTENTS.decode()}}}'.encode()


def test_a_stream_with_an_unreadable_event_cannot_be_folded(any_log: Log) -> None:
    record(any_log, *of_airplane(1, CREATED))
    insert_as_is(any_log, "airplane-1", 2, "WingPainted.v1", STATE)
    place = r"airplane-1 version 2 \(WingPainted\)"
    complaint = rf"{place}: ValueError: 'WingPainted.v1' is no event type of this program"
    with pytest.raises(UnreadableStream, match=complaint):
        any_log.load(Stream("airplane", 1))


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        ("reservation-1", Stream("reservation", 1)),
        ("boat-1", Stream("boat", 1)),
        ("nonsense", Stream("nonsense", 0)),
        ("airplane-01", Stream("airplane-01", 0)),
        ("airplane-9999999999", Stream("airplane-9999999999", 0)),
        ("airplane-１", Stream("airplane-１", 0)),
        ("", Stream("", 0)),
    ],
)
def test_an_event_in_a_stream_of_another_kind_is_unreadable(
    any_log: Log, name: str, stream: Stream
) -> None:
    record(any_log, *of_airplane(1, CREATED))
    insert_as_is(any_log, name, 1, "AirplaneCreated.v1", STATE)
    record(any_log, *of_airplane(2, CREATED))
    unreadable = UnreadableEvent(f"AirplaneCreated is no event of {name}")
    assert any_log.after(0) == [
        RecordedEvent(1, Stream("airplane", 1), 1, "AirplaneCreated", at(1), CREATED, CONTENTS),
        RecordedEvent(2, stream, 1, "AirplaneCreated", at(2), unreadable, CONTENTS),
        RecordedEvent(3, Stream("airplane", 2), 1, "AirplaneCreated", at(3), CREATED, CONTENTS),
    ]


def test_a_stream_whose_first_events_are_missing_has_the_version_of_its_last(any_log: Log) -> None:
    insert_as_is(any_log, "airplane-1", 7, "AirplaneCreated.v1", STATE)
    assert any_log.load(Stream("airplane", 1)) == (AirplaneState("open", 5), 7)
