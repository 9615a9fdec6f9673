"""The state cache: the states of streams, kept up to date while the approver reads the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import DECIDERS, RESERVATION, Event, State
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent, Stream

MAX_SEATS_CACHED = 100_000  # taken seats; about 10 MB of memory


class CachedState(NamedTuple):
    """The state of a stream after its first `version` events."""

    state: State
    version: int


class StateCache:
    """The states of streams; a missing state is loaded from the log."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._cached: dict[Stream, CachedState] = {}

    def observe(self, recorded: RecordedEvent) -> None:
        """Apply an event of the log; drop a stream that is unreadable or has a gap."""
        if isinstance(recorded.event, UnreadableEvent):
            self._cached.pop(recorded.stream, None)
            return
        initial = DECIDERS[recorded.stream.kind].initial
        known = self._cached.get(recorded.stream) or CachedState(initial, 0)
        if recorded.version == known.version + 1:
            self.apply(recorded.stream, [recorded.event], known)
        elif recorded.version > known.version:
            self._cached.pop(recorded.stream, None)

    def apply(self, stream: Stream, events: Sequence[Event], known: CachedState) -> None:
        """Apply events that directly follow a known state."""
        state = DECIDERS[stream.kind].fold(events, known.state)
        self._cached[stream] = CachedState(state, known.version + len(events))

    def get(self, stream: Stream) -> CachedState:
        """Return the state of a stream, loading it if it is not cached. Raises UnreadableStream."""
        if stream not in self._cached:
            self._cached[stream] = CachedState(*self._log.load(stream))
        return self._cached[stream]

    def clear(self) -> None:
        """Drop every state, so that each is loaded again."""
        self._cached.clear()

    def evict(self) -> None:
        """Drop all reservations, which are settled once, and all states if they are too many."""
        for stream in [one for one in self._cached if one.kind == RESERVATION.kind]:
            del self._cached[stream]
        states = (cached.state for cached in self._cached.values())
        taken = sum(1 + len(one.taken) for one in states if isinstance(one, AirplaneState))
        if taken > MAX_SEATS_CACHED:
            self._cached.clear()
