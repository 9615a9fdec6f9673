"""The states that an approver keeps: which it drops, and that a dropped state is loaded again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from airbook.application.airbook import now
from airbook.daemon.approver import Approver
from airbook.daemon.state_cache import KnownReservation, StateCache
from airbook.domain.airplane import (
    AirplaneClosed,
    AirplaneCreated,
    AirplaneOpened,
    AirplaneState,
    SeatsChanged,
)
from airbook.domain.reservation import ReservationState
from airbook.eventlog.log import Log, UnreadableStream
from airbook.eventlog.records import RecordedEvent, Stream
from tests.support.commands import airplane_state, reservation_state
from tests.support.fresh_stores import Memory
from tests.support.stores import insert_as_is, recorder_of
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, of_airplane, record

PLANE = Stream("airplane", 1)
RESERVATIONS = [Stream("reservation", number) for number in range(1, 7)]
SEATS_COUNTED = 7  # the airplane counts as one, and each of its statuses


class WatchedLog(Log):
    """A log that notes which streams are loaded from it."""

    def __init__(self, log: Log) -> None:
        super().__init__(recorder_of(log))
        self.loaded = list[Stream]()

    def stream(self, stream: Stream, after: int = 0) -> list[RecordedEvent]:
        self.loaded.append(stream)
        return super().stream(stream, after)


@pytest.fixture
def log() -> Iterator[WatchedLog]:
    """Open a log with the story of five seats and six customers."""
    with Memory().log() as opened:
        record(opened, *FIVE_SEATS_SIX_CUSTOMERS)
        yield WatchedLog(opened)


def observing(log: Log, events: Iterable[RecordedEvent]) -> StateCache:
    """Return a cache that has observed events."""
    states = StateCache(log)
    for recorded in events:
        states.observe(recorded)
    return states


def plane(states: StateCache, number: int = 1) -> tuple[AirplaneState, int]:
    known = states.airplane(number)
    return known.state, known.version


def whole(log: Log) -> tuple[AirplaneState, int]:
    """Fold all events of the airplane without the cache."""
    unwatched = Log(recorder_of(log))
    return airplane_state(unwatched, 1), unwatched.load(PLANE)[1]


def test_what_was_observed_is_not_loaded(log: WatchedLog) -> None:
    states = observing(log, log.after(0))
    assert plane(states) == whole(log)
    for number in range(1, 7):
        state = reservation_state(Log(recorder_of(log)), number)
        assert states.reservation(number) == KnownReservation(state, 2, number + 1)
    assert log.loaded == []


def test_what_is_loaded_is_what_was_observed(log: WatchedLog) -> None:
    states, observed = StateCache(log), observing(log, log.after(0))
    assert plane(states) == plane(observed) == whole(log)
    for number in range(1, 7):
        assert states.reservation(number) == observed.reservation(number)
    assert log.loaded == [PLANE, *RESERVATIONS]
    assert plane(states, 2) == (AirplaneState(), 0)
    assert states.reservation(7) == KnownReservation(ReservationState(), 0, 0)


def test_events_observed_twice_change_no_state(log: WatchedLog) -> None:
    states = observing(log, [*log.after(0), *log.after(0)])
    assert (plane(states), log.loaded) == (whole(log), [])


@pytest.mark.parametrize("is_observed", [True, False])
def test_the_status_of_an_airplane_is_known_at_every_position(
    log: WatchedLog, *, is_observed: bool
) -> None:
    changes = AirplaneClosed(), SeatsChanged(6), AirplaneOpened(), AirplaneClosed()
    record(log, *of_airplane(1, *changes), *of_airplane(2, AirplaneCreated(1)))
    states = observing(log, log.after(0) if is_observed else [])
    last = log.head() - 5
    statuses = [states.airplane(1).status_at(position) for position in range(log.head() + 2)]
    assert statuses == [
        *("missing", *["open"] * last),
        *("closed", "closed", "open", *["closed"] * 3),
    ]
    assert states.airplane(2).status_at(last + 4) == "missing"
    assert states.airplane(2).status_at(last + 5) == "open"


def test_reservations_are_evicted_and_airplanes_are_kept(log: WatchedLog) -> None:
    states = observing(log, log.after(0))
    states.evict()
    for stream in RESERVATIONS:
        states.reservation(stream.number)
    assert plane(states) == whole(log)
    assert log.loaded == RESERVATIONS


@pytest.mark.parametrize(("most", "loaded"), [(SEATS_COUNTED, []), (SEATS_COUNTED - 1, [PLANE])])
def test_airplanes_are_evicted_when_too_many_seats_are_taken(
    log: WatchedLog, monkeypatch: pytest.MonkeyPatch, most: int, loaded: list[Stream]
) -> None:
    monkeypatch.setattr("airbook.daemon.state_cache.MAX_SEATS_CACHED", most)
    states = observing(log, log.after(0))
    states.evict()
    assert (plane(states), log.loaded) == (whole(log), loaded)


def test_an_approver_keeps_no_reservation_that_it_has_settled(log: WatchedLog) -> None:
    deciding = Approver(log, now)
    deciding.step()
    assert log.loaded == []
    deciding.states.reservation(1)
    assert log.loaded == [RESERVATIONS[0]]


@pytest.mark.parametrize("observed", [0, 1, 3])
def test_a_state_is_loaded_again_after_a_gap_in_versions(log: WatchedLog, observed: int) -> None:
    events = Log(recorder_of(log)).stream(PLANE)
    states = observing(log, [*events[:observed], *events[-1:]])
    assert (plane(states), log.loaded) == (whole(log), [PLANE])


@pytest.mark.parametrize(
    ("name", "version", "topic"),
    [
        ("airplane-1", 7, "SeatsChanged.v1"),
        ("airplane-2", 1, "SeatsChanged.v1"),
        ("reservation-2", 3, "ReservationCancelled.v1"),
        ("reservation-7", 1, "ReservationRequested.v1"),
    ],
)
def test_a_state_is_dropped_at_an_unreadable_event(
    log: WatchedLog, name: str, version: int, topic: str
) -> None:
    insert_as_is(log, name, version, topic, b"{}")
    states = observing(log, log.after(0))
    stream = Stream.parse(name)
    load = states.airplane if stream.kind == "airplane" else states.reservation
    with pytest.raises(UnreadableStream):
        load(stream.number)
