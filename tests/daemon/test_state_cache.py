"""The states that an approver keeps: which it drops, and that a dropped state is loaded again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from airbook.application.airbook import now
from airbook.daemon.approver import Approver
from airbook.daemon.state_cache import CachedState, StateCache
from airbook.domain.decider import State
from airbook.eventlog.log import Log, UnreadableStream
from airbook.eventlog.records import RecordedEvent, Stream
from tests.support.fresh_stores import Memory
from tests.support.stores import insert_as_is, recorder_of
from tests.support.stories import FIVE_SEATS_SIX_CUSTOMERS, record

PLANE = Stream("airplane", 1)
RESERVATIONS = [Stream("reservation", number) for number in range(1, 7)]
SEATS_COUNTED = 6  # the airplane itself counts as one


class WatchedLog(Log):
    """A log that notes which streams are loaded from it."""

    def __init__(self, log: Log) -> None:
        super().__init__(recorder_of(log))
        self.loaded = list[Stream]()

    def load(self, stream: Stream) -> tuple[State, int]:
        self.loaded.append(stream)
        return super().load(stream)


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


def whole(log: Log, stream: Stream) -> CachedState:
    """Fold a whole stream without the cache."""
    return CachedState(*Log(recorder_of(log)).load(stream))


def test_what_was_observed_is_not_loaded(log: WatchedLog) -> None:
    states = observing(log, log.after(0))
    for stream in (PLANE, *RESERVATIONS):
        assert states.get(stream) == whole(log, stream)
    assert log.loaded == []


def test_events_observed_twice_change_no_state(log: WatchedLog) -> None:
    states = observing(log, [*log.after(0), *log.after(0)])
    assert (states.get(PLANE), log.loaded) == (whole(log, PLANE), [])


def test_reservations_are_evicted_and_airplanes_are_kept(log: WatchedLog) -> None:
    states = observing(log, log.after(0))
    states.evict()
    for stream in (PLANE, *RESERVATIONS):
        assert states.get(stream) == whole(log, stream)
    assert log.loaded == RESERVATIONS


@pytest.mark.parametrize(("most", "loaded"), [(SEATS_COUNTED, []), (SEATS_COUNTED - 1, [PLANE])])
def test_airplanes_are_evicted_when_too_many_seats_are_taken(
    log: WatchedLog, monkeypatch: pytest.MonkeyPatch, most: int, loaded: list[Stream]
) -> None:
    monkeypatch.setattr("airbook.daemon.state_cache.MAX_SEATS_CACHED", most)
    states = observing(log, log.after(0))
    states.evict()
    assert (states.get(PLANE), log.loaded) == (whole(log, PLANE), loaded)


def test_an_approver_keeps_no_reservation_that_it_has_settled(log: WatchedLog) -> None:
    deciding = Approver(log, now)
    deciding.step()
    assert log.loaded == []
    deciding.states.get(RESERVATIONS[0])
    assert log.loaded == [RESERVATIONS[0]]


@pytest.mark.parametrize("observed", [0, 1, 3])
def test_a_state_is_loaded_again_after_a_gap_in_versions(log: WatchedLog, observed: int) -> None:
    events = log.stream(PLANE)
    states = observing(log, [*events[:observed], *events[-1:]])
    assert (states.get(PLANE), log.loaded) == (whole(log, PLANE), [PLANE])


@pytest.mark.parametrize(("stream", "version"), [(PLANE, 7), (Stream("airplane", 2), 1)])
def test_a_state_is_dropped_at_an_unreadable_event(
    log: WatchedLog, stream: Stream, version: int
) -> None:
    insert_as_is(log, str(stream), version, "SeatsChanged.v1", b"{}")
    states = observing(log, log.after(0))
    with pytest.raises(UnreadableStream):
        states.get(stream)
