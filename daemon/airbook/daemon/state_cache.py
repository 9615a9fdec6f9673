"""What streams add up to, kept up to date while the log goes by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from airbook.domain.airplane import Cabin
from airbook.domain.decider import NOUNS, RESERVATION, Fact, State, Stream
from airbook.eventlog.codec import Unreadable
from airbook.eventlog.log import Log
from airbook.eventlog.records import Event

REMEMBERED = 100_000  # seats taken; some 10 MB of memory


class Folded(NamedTuple):
    """A stream's state and how many facts it adds up."""

    state: State
    version: int


class Streams:
    """A cache that the log can always fill again."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._folded: dict[Stream, Folded] = {}

    def see(self, event: Event) -> None:
        """Take in a fact that goes by; one that does not follow what is known makes us forget."""
        if isinstance(event.fact, Unreadable):
            self._folded.pop(event.stream, None)
            return
        known = self._folded.get(event.stream) or Folded(NOUNS[event.stream.kind].initial, 0)
        if event.version == known.version + 1:
            self.add(event.stream, [event.fact], known)
        elif event.version > known.version:
            self._folded.pop(event.stream, None)

    def add(self, stream: Stream, facts: Sequence[Fact], known: Folded) -> None:
        """Take in facts that follow what is known."""
        state = NOUNS[stream.kind].fold(facts, known.state)
        self._folded[stream] = Folded(state, known.version + len(facts))

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
        cabins = (folded.state for folded in self._folded.values())
        if sum(1 + len(cabin.taken) for cabin in cabins if isinstance(cabin, Cabin)) > REMEMBERED:
            self._folded.clear()
