"""The stored form of events, and the reading of every version that was ever stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, strategies
from msgspec import Struct

from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    AirplaneOpened,
    SeatAssigned,
    SeatReleased,
    SeatsChanged,
)
from airbook.domain.decider import Event
from airbook.domain.reservation import (
    REASONS,
    ReservationApproved,
    ReservationCancelled,
    ReservationRejected,
    ReservationRequested,
)
from airbook.eventlog.codec import (
    CODEC,
    MAX_POSITION,
    MAX_TEXT,
    Codec,
    DecodedEvent,
    EventType,
    stamp,
)
from tests.support.stories import at

# Stored forever: lines may be added here, but never changed. A changed event gets an upcaster.
STORED: tuple[tuple[Event, str, str], ...] = (
    (AirplaneCreated(5, "제주"), "AirplaneCreated.v1", '{"seats":5,"name":"제주"}'),
    (AirplaneCreated(5), "AirplaneCreated.v1", '{"seats":5,"name":null}'),
    (SeatsChanged(6), "SeatsChanged.v1", '{"seats":6}'),
    (AirplaneClosed(), "AirplaneClosed.v1", "{}"),
    (AirplaneOpened(), "AirplaneOpened.v1", "{}"),
    (SeatAssigned(6, 1), "SeatAssigned.v1", '{"reservation":6,"seat":1}'),
    (SeatReleased(6, 1), "SeatReleased.v1", '{"reservation":6,"seat":1}'),
    (
        ReservationRequested(1, "c1"),
        "ReservationRequested.v1",
        '{"airplane":1,"customer":"c1"}',
    ),
    (ReservationApproved(1, 2), "ReservationApproved.v1", '{"airplane":1,"seat":2}'),
    (
        ReservationRejected(1, "no_seats_left"),
        "ReservationRejected.v1",
        '{"airplane":1,"reason":"no_seats_left"}',
    ),
    (
        ReservationRejected(1, "no_such_airplane"),
        "ReservationRejected.v1",
        '{"airplane":1,"reason":"no_such_airplane"}',
    ),
    (
        ReservationRejected(1, "airplane_closed"),
        "ReservationRejected.v1",
        '{"airplane":1,"reason":"airplane_closed"}',
    ),
    (ReservationCancelled(1, 2), "ReservationCancelled.v1", '{"airplane":1,"seat":2}'),
    (ReservationCancelled(1, None), "ReservationCancelled.v1", '{"airplane":1,"seat":null}'),
)


def whole(contents: str) -> bytes:
    return f'{{"at":"2026-11-22T09:00:00.000Z","data":{contents}}}'.encode()


@pytest.mark.parametrize(("event", "topic", "contents"), STORED)
def test_each_event_is_written_in_its_stored_form(event: Event, topic: str, contents: str) -> None:
    assert CODEC.encode(event, at(0)) == (topic, whole(contents))


@pytest.mark.parametrize(("event", "topic", "contents"), STORED)
def test_each_stored_form_is_read(event: Event, topic: str, contents: str) -> None:
    name = topic.removesuffix(".v1")
    assert CODEC.decode(topic, whole(contents)) == DecodedEvent(
        name, at(0), contents.encode(), event
    )


def test_every_event_has_an_event_type_of_its_own() -> None:
    assert [one.event for one in CODEC.event_types] == list(get_args(Event))
    assert {type(event) for event, _, _ in STORED} == set(get_args(Event))
    assert len({one.name for one in CODEC.event_types}) == len(CODEC.event_types)


NUMBERS = strategies.integers(1, 999_999_999)
TEXTS = strategies.text(strategies.characters(codec="utf-8", exclude_characters="\0"))
EVENTS = strategies.one_of(
    strategies.builds(AirplaneCreated, NUMBERS, strategies.none() | TEXTS),
    strategies.builds(SeatsChanged, NUMBERS),
    strategies.sampled_from([AirplaneClosed(), AirplaneOpened()]),
    strategies.builds(SeatAssigned, NUMBERS, NUMBERS),
    strategies.builds(SeatReleased, NUMBERS, NUMBERS),
    strategies.builds(ReservationRequested, NUMBERS, TEXTS),
    strategies.builds(ReservationApproved, NUMBERS, NUMBERS),
    strategies.builds(ReservationRejected, NUMBERS, strategies.sampled_from(REASONS)),
    strategies.builds(ReservationCancelled, NUMBERS, strategies.none() | NUMBERS),
)


IDS = strategies.text(
    strategies.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=MAX_TEXT
)
POSITIONS = strategies.integers(1, MAX_POSITION)


@given(EVENTS, strategies.none() | IDS, strategies.none() | POSITIONS)
def test_every_event_is_read_as_it_was_written(
    event: Event, by: str | None, cause: int | None
) -> None:
    read = CODEC.decode(*CODEC.encode(event, at(0), by, cause))
    assert (read.at, read.event, read.by, read.cause) == (at(0), event, by, cause)


@pytest.mark.parametrize(
    ("by", "cause", "written"),
    [
        (None, None, '{"at":"2026-11-22T09:00:00.000Z","data":{"seats":6}}'),
        ("a1", None, '{"at":"2026-11-22T09:00:00.000Z","by":"a1","data":{"seats":6}}'),
        (None, 7, '{"at":"2026-11-22T09:00:00.000Z","cause":7,"data":{"seats":6}}'),
        (
            "daemon",
            7,
            '{"at":"2026-11-22T09:00:00.000Z","by":"daemon","cause":7,"data":{"seats":6}}',
        ),
    ],
)
def test_the_actor_and_the_cause_stand_before_the_data(
    by: str | None, cause: int | None, written: str
) -> None:
    topic, state = CODEC.encode(SeatsChanged(6), at(0), by, cause)
    assert state.decode() == written
    read = DecodedEvent("SeatsChanged", at(0), b'{"seats":6}', SeatsChanged(6), by, cause)
    assert CODEC.decode(topic, state) == read


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 9, tzinfo=UTC), "2026-11-22T09:00:00.000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 6_789, tzinfo=UTC), "2026-01-02T03:04:05.006Z"),
        (datetime(1, 1, 1, 0, 0, 59, 999_999, tzinfo=UTC), "0001-01-01T00:00:59.999Z"),
    ],
)
def test_times_are_utc_in_milliseconds(moment: datetime, text: str) -> None:
    assert stamp(moment) == text


class _PlaneBought(Struct, frozen=True):
    """AirplaneCreated under another name, two versions later."""

    places: int
    rows: int


PlaneBought: Any = _PlaneBought  # not a member of Event


def rename_seats(contents: dict[str, Any]) -> dict[str, Any]:
    return {"places": contents["seats"]}


def count_rows(contents: dict[str, Any]) -> dict[str, Any]:
    return {**contents, "rows": contents["places"] // 4}


def codec(*upcasts: Any) -> Codec:  # noqa: ANN401
    return Codec([EventType(PlaneBought, "AirplaneCreated", upcasts)])


def test_an_event_of_the_first_version_is_read_two_versions_later() -> None:
    topic, state = CODEC.encode(AirplaneCreated(8), at(0))
    read = codec(rename_seats, count_rows).decode(topic, state)
    assert read == DecodedEvent(
        "AirplaneCreated", at(0), b'{"seats":8,"name":null}', PlaneBought(8, 2)
    )


def test_an_event_of_the_second_version_skips_the_first_upcaster() -> None:
    read = codec(rename_seats, count_rows).decode("AirplaneCreated.v2", whole('{"places":8}'))
    assert read == DecodedEvent("AirplaneCreated", at(0), b'{"places":8}', PlaneBought(8, 2))


def test_the_newest_version_is_written_and_read_unchanged() -> None:
    newest = codec(rename_seats, count_rows)
    bought = PlaneBought(9, 3)
    topic, state = newest.encode(bought, at(0))
    assert (topic, state) == ("AirplaneCreated.v3", whole('{"places":9,"rows":3}'))
    assert newest.decode(topic, state).event == bought


def test_a_renamed_class_reads_the_events_stored_before() -> None:
    renamed: Any = type("PlaneAdded", (AirplaneCreated,), {}, frozen=True)
    read = Codec([EventType(renamed, "AirplaneCreated")]).decode(
        "AirplaneCreated.v1", whole('{"seats":5,"name":null}')
    )
    assert read.event == renamed(5)
