"""The append-only log: every fact, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from airbook.domain.decider import NOUNS, Fact, State, Stream
from airbook.eventlog.codec import VOCABULARY, Unreadable, Vocabulary
from airbook.eventlog.group_commit import GroupCommit
from airbook.eventlog.recorder import Recorder, Selection
from airbook.eventlog.records import Answer, Change, Event, Receipt

if TYPE_CHECKING:
    from eventsourcing.persistence import StoredEvent

BATCH = 500


class Log:
    """Reads and appends facts; follows nothing and decides nothing."""

    def __init__(self, recorder: Recorder, vocabulary: Vocabulary = VOCABULARY) -> None:
        """recorder: where facts are kept."""
        self.recorder = recorder
        self.vocabulary = vocabulary
        self._group = GroupCommit(lambda changes: recorder.commit(changes, vocabulary))

    @property
    def identity(self) -> str:
        """Tell this log from every other; views made from another are none of this one."""
        return self.recorder.identity

    def commit(self, change: Change) -> Receipt:
        """Append a change and wake the followers.

        Raises Conflict when a stream has grown since it was loaded or a new customer's name is
        taken, Fenced when the tracked position was moved, Refused (key_reused) and StoreError.
        """
        answer = self.commit_all([change])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def commit_all(self, changes: Sequence[Change]) -> Sequence[Answer]:
        """Append changes, and those of other threads, in one transaction; an answer for each.

        One that is refused or conflicts is left out; the others stand. Raises StoreError.
        """
        return self._group.commit(changes)

    def after(self, position: int, limit: int = BATCH) -> list[Event]:
        """List the facts behind a position, oldest first, at most `limit`."""
        found = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return [self._event(stored, stored.id) for stored in found]

    def stream(self, stream: Stream, after: int = 0) -> list[Event]:
        """List the facts of one stream behind a version. Their positions are not looked up (0)."""
        found = self.recorder.select_events(str(stream), gt=after)
        return [self._event(stored, 0) for stored in found]

    def count(self, selection: Selection) -> int:
        """Count the facts that are meant; without a type and a stream, positions tell."""
        if not selection.types and selection.stream is None:
            return max(0, selection.until - selection.after)
        return self.recorder.count_facts(selection)

    def select(
        self, selection: Selection, first: int, limit: int, *, newest_first: bool = True
    ) -> list[Event]:
        """List the facts that are meant, by position, leaving out the first so many."""
        if not selection.types and selection.stream is None:
            selection, first = window(selection, first, limit, newest_first=newest_first), 0
        found = self.recorder.select_facts(selection, first, limit, newest_first=newest_first)
        return [self._event(stored, stored.id) for stored in found]

    def load(self, stream: Stream) -> tuple[State, int]:
        """Fold one stream; returns its state and its version (0: there is no such stream yet).

        Raises UnreadableFact if one of its facts cannot be read.
        """
        events = self.stream(stream)
        return NOUNS[stream.kind].fold(readable(events)), events[-1].version if events else 0

    def head(self) -> int:
        """Tell the position of the last fact; 0 when there is none."""
        return self.recorder.max_notification_id() or 0

    def tracked(self, name: str) -> int:
        """Tell how far a follower has come; 0 when it has not begun."""
        return self.recorder.tracked().get(name, 0)

    def retry(self, reservation: int) -> bool:
        """Ask for a parked reservation to be tried again; False if it is not put aside."""
        asked = self.recorder.change_parked(reservation, again=True, dropped=False)
        self.recorder.wake()
        return asked

    def drop(self, reservation: int) -> bool:
        """Leave a parked reservation as it is for good; False if it is not put aside."""
        return self.recorder.change_parked(reservation, again=False, dropped=True)

    def _event(self, stored: StoredEvent, position: int) -> Event:
        name, at, contents, fact = self.vocabulary.read(stored.topic, stored.state)
        stream = Stream.parse(str(stored.originator_id))
        noun = NOUNS.get(stream.kind)
        if noun is None or not isinstance(fact, noun.facts):
            error = fact.error if isinstance(fact, Unreadable) else f"{name} is no fact of {stream}"
            fact = Unreadable(error)
        return Event(position, stream, stored.originator_version, name, at, fact, contents)


def window(selection: Selection, first: int, limit: int, *, newest_first: bool) -> Selection:
    """Narrow a selection of all facts to those of a window: positions have no gaps."""
    after, until = selection.after, selection.until
    if newest_first:
        return Selection(max(after, until - first - limit), until - first)
    return Selection(after + first, min(until, after + first + limit))


class UnreadableFact(Exception):
    """A stream cannot be folded because one of its facts cannot be read."""


def readable(events: Iterable[Event]) -> Iterator[Fact]:
    """Give the facts of events; raises UnreadableFact at the first that cannot be read."""
    for event in events:
        if isinstance(event.fact, Unreadable):
            msg = f"{event.stream} version {event.version} ({event.type}): {event.fact.error}"
            raise UnreadableFact(msg)
        yield event.fact
