"""What stands in the log but cannot be read is named and stops nothing behind it."""

from __future__ import annotations

import pytest

from airbook.application.stores.store import Store
from airbook.domain.airplane import AirplaneCreated, AirplaneState
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log, UnreadableStream
from airbook.eventlog.records import RecordedEvent, Stream
from tests.support.stores import store_as_is
from tests.support.stories import at, of_airplane, record

CREATED = AirplaneCreated(5)
CONTENTS = b'{"seats":5,"name":null}'
STATE = f'{{"at":"{at(2)}","data":{CONTENTS.decode()}}}'.encode()


def test_a_stream_with_an_unreadable_event_cannot_be_folded(log: Log, store: Store) -> None:
    record(log, *of_airplane(1, CREATED))
    store_as_is(store, "airplane-1", 2, "WingPainted.v1", b'{"at":"","data":{}}')
    with pytest.raises(UnreadableStream, match=r"airplane-1 version 2 \(WingPainted\): .*"):
        log.load(Stream("airplane", 1))


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
def test_a_fact_in_a_stream_that_is_not_its_own_is_unreadable(
    log: Log, store: Store, name: str, stream: Stream
) -> None:
    record(log, *of_airplane(1, CREATED))
    store_as_is(store, name, 1, "AirplaneCreated.v1", STATE)
    record(log, *of_airplane(2, CREATED))
    unreadable = UnreadableEvent(f"AirplaneCreated is no event of {name}")
    assert log.after(0) == [
        RecordedEvent(1, Stream("airplane", 1), 1, "AirplaneCreated", at(1), CREATED, CONTENTS),
        RecordedEvent(2, stream, 1, "AirplaneCreated", at(2), unreadable, CONTENTS),
        RecordedEvent(3, Stream("airplane", 2), 1, "AirplaneCreated", at(3), CREATED, CONTENTS),
    ]


def test_a_stream_whose_first_fact_is_missing_goes_on_behind_its_last(
    log: Log, store: Store
) -> None:
    store_as_is(store, "airplane-1", 7, "AirplaneCreated.v1", STATE)
    assert log.load(Stream("airplane", 1)) == (AirplaneState("open", 5), 7)
