"""The append-only log: every event, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from airbook.domain.decider import DECIDERS, Event, State, Stream
from airbook.eventlog.codec import CODEC, Codec, UnreadableEvent
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.recorder import Recorder, Selection
from airbook.eventlog.records import Answer, Receipt, RecordedEvent, Transaction

if TYPE_CHECKING:
    from eventsourcing.persistence import StoredEvent

BATCH = 500


class Log:
    """Reads and appends events; follows nothing and decides nothing."""

    def __init__(self, recorder: Recorder, codec: Codec = CODEC) -> None:
        """recorder: where events are kept."""
        self.recorder = recorder
        self.codec = codec
        self._group = GroupCommit(lambda transactions: recorder.commit(transactions, codec))

    @property
    def identity(self) -> str:
        """Tell this log from every other; views made from another are none of this one."""
        return self.recorder.identity

    def commit(self, transaction: Transaction) -> Receipt:
        """Append a change and wake the followers.

        Raises Conflict when a stream has grown since it was loaded or a new customer's name is
        taken, Fenced when the tracked position was moved, Refused (key_reused) and StoreError.
        """
        answer = self.commit_all([transaction])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def commit_all(self, transactions: Sequence[Transaction]) -> Sequence[Answer]:
        """Append changes, and those of other threads, in one transaction; an answer for each.

        One that is refused or conflicts is left out; the others stand. Raises StoreError.
        """
        return self._group.commit(transactions)

    def after(self, position: int, limit: int = BATCH) -> list[RecordedEvent]:
        """List the events behind a position, oldest first, at most `limit`."""
        found = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return [self._event(stored, stored.id) for stored in found]

    def stream(self, stream: Stream, after: int = 0) -> list[RecordedEvent]:
        """List the events of one stream behind a version. Their positions are not looked up (0)."""
        found = self.recorder.select_events(str(stream), gt=after)
        return [self._event(stored, 0) for stored in found]

    def count(self, selection: Selection) -> int:
        """Count the events that are meant; without a type and a stream, positions tell."""
        if not selection.types and selection.stream is None:
            return max(0, selection.until - selection.after)
        return self.recorder.count_events(selection)

    def select(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool = True
    ) -> list[RecordedEvent]:
        """List the events that are meant, by position, leaving out the first so many."""
        if not selection.types and selection.stream is None:
            selection, first = window(selection, first, limit, newest_first=newest_first), 0
        found = self.recorder.select_window(selection, first, limit, newest_first=newest_first)
        return [self._event(stored, stored.id) for stored in found]

    def load(self, stream: Stream) -> tuple[State, int]:
        """Fold one stream; returns its state and its version (0: there is no such stream yet).

        Raises UnreadableFact if one of its events cannot be read.
        """
        events = self.stream(stream)
        return DECIDERS[stream.kind].fold(readable(events)), events[-1].version if events else 0

    def head(self) -> int:
        """Tell the position of the last event; 0 when there is none."""
        return self.recorder.max_notification_id() or 0

    def tracked(self, name: str) -> int:
        """Tell how far a follower has come; 0 when it has not begun."""
        return self.recorder.tracked().get(name, 0)

    def retry(self, reservation: int) -> bool:
        """Ask for a parked reservation to be tried again; False if it is not put aside."""
        asked = self.recorder.mark_parked(reservation, again=True, dropped=False)
        self.recorder.wake()
        return asked

    def drop(self, reservation: int) -> bool:
        """Leave a parked reservation as it is for good; False if it is not put aside."""
        return self.recorder.mark_parked(reservation, again=False, dropped=True)

    def _event(self, stored: StoredEvent, position: int) -> RecordedEvent:
        name, at, contents, event = self.codec.read(stored.topic, stored.state)
        stream = Stream.parse(str(stored.originator_id))
        decider = DECIDERS.get(stream.kind)
        if decider is None or not isinstance(event, decider.events):
            error = (
                event.error
                if isinstance(event, UnreadableEvent)
                else f"{name} is no event of {stream}"
            )
            event = UnreadableEvent(error)
        return RecordedEvent(position, stream, stored.originator_version, name, at, event, contents)


def window(selection: Selection, first: int, limit: int, *, newest_first: bool) -> Selection:
    """Narrow a selection of all events to those of a window: positions have no gaps."""
    after, until = selection.after, selection.until
    if newest_first:
        return Selection(max(after, until - first - limit), until - first)
    return Selection(after + first, min(until, after + first + limit))


class UnreadableStream(Exception):
    """A stream cannot be folded because one of its events cannot be read."""


def readable(events: Iterable[RecordedEvent]) -> Iterator[Event]:
    """Give the events of events; raises UnreadableFact at the first that cannot be read."""
    for recorded in events:
        if isinstance(recorded.event, UnreadableEvent):
            place = f"{recorded.stream} version {recorded.version} ({recorded.type})"
            msg = f"{place}: {recorded.event.error}"
            raise UnreadableStream(msg)
        yield recorded.event
