"""Events of the log as responses, with the names of their actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Raw

from airbook.application.responses import Event
from airbook.eventlog.log import Log
from airbook.eventlog.records import DAEMON, RecordedEvent

NO_NAMES: Mapping[str, str] = {}


def event_responses(log: Log, recorded_events: Sequence[RecordedEvent]) -> list[Event]:
    """Convert recorded events to responses, with the names of their actors. Raises StoreError."""
    ids = {one.by for one in recorded_events if one.by is not None} - {DAEMON.id}
    names = log.registry.actors.names(sorted(ids)) if ids else NO_NAMES
    return [event_response(one, names) for one in recorded_events]


def event_response(recorded: RecordedEvent, names: Mapping[str, str] = NO_NAMES) -> Event:
    """Convert a recorded event to a response. names: those of actors, by id."""
    return Event(
        recorded.position,
        str(recorded.stream),
        recorded.version,
        recorded.type,
        recorded.at,
        recorded.by and names.get(recorded.by, recorded.by),
        recorded.cause,
        Raw(recorded.data),
    )
