"""What streams add up to, kept up to date while the log goes by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from airbook.domain.airplane import AirplaneState
from airbook.domain.decider import DECIDERS, RESERVATION, Event, State, Stream
from airbook.eventlog.codec import UnreadableEvent
from airbook.eventlog.log import Log
from airbook.eventlog.records import RecordedEvent

REMEMBERED = 100_000  # seats taken; some 10 MB of memory


class Folded(NamedTuple):
    """A stream's state and how many events it adds up."""

    state: State
    version: int


class Streams:
    """A cache that the log can always fill again."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._folded: dict[Stream, Folded] = {}

    def see(self, recorded: RecordedEvent) -> None:
        """Take in an event that goes by; one that does not follow what is known makes us forget."""
        if isinstance(recorded.event, UnreadableEvent):
            self._folded.pop(recorded.stream, None)
            return
        known = self._folded.get(recorded.stream) or Folded(
            DECIDERS[recorded.stream.kind].initial, 0
        )
        if recorded.version == known.version + 1:
            self.add(recorded.stream, [recorded.event], known)
        elif recorded.version > known.version:
            self._folded.pop(recorded.stream, None)

    def add(self, stream: Stream, events: Sequence[Event], known: Folded) -> None:
        """Take in events that follow what is known."""
        state = DECIDERS[stream.kind].fold(events, known.state)
        self._folded[stream] = Folded(state, known.version + len(events))

    def get(self, stream: Stream) -> Folded:
        """Give a stream's state; read it if it is not known. Raises UnreadableFact."""
        if stream not in self._folded:
            self._folded[stream] = Folded(*self._log.load(stream))
        return self._folded[stream]

    def forget(self) -> None:
        """Read everything again when it is asked for."""
        self._folded.clear()

    def tidy(self) -> None:
        """Forget reservations, which are settled once, and all airplanes when they are too many."""
        for stream in [one for one in self._folded if one.kind == RESERVATION.kind]:
            del self._folded[stream]
        states = (folded.state for folded in self._folded.values())
        if (
            sum(
                1 + len(airplane_state.taken)
                for airplane_state in states
                if isinstance(airplane_state, AirplaneState)
            )
            > REMEMBERED
        ):
            self._folded.clear()
