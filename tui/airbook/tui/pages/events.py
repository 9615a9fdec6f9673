"""The page of events: the log, the newest event first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from airbook.application.airbook import Airbook
from airbook.application.paging import EventFilter, Window, events
from airbook.application.responses import Event
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.eventlog.codec import CODEC
from airbook.tui.pages.page import Page
from airbook.tui.widgets.columns import Column

TYPES = tuple(word.name for word in CODEC.event_types)


class Events(Page):
    """The events of the log, read by windows."""

    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("position"),
        Column("at", from_width=92),
        Column("stream"),
        Column("type"),
        Column("data", grows=True),
    )
    EMPTY = mark("There are no events here.")
    PLACEHOLDER = mark("type or stream: SeatAssigned, airplane-1")
    KEY = "position"

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(label, id=id)
        self.row_filter = EventFilter()

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Window[Event]]:
        """Return a query for the visible events."""
        row_filter, request = self.row_filter, self.row_list.request(as_of)
        return lambda airbook: events(airbook.log, row_filter, request)

    def set_filter(self, text: str) -> None:
        """Set the filter: the name of a stream, and parts of the name of an event type."""
        streams = [word for word in text.split() if "-" in word]
        parts = [word.lower() for word in text.split() if "-" not in word]
        types = tuple(name for name in TYPES if all(part in name.lower() for part in parts))
        if len(streams) > 1 or not types:
            sentence = mark("There are events of one stream, and of these types: {types}.")
            raise Mistyped(sentence, types=", ".join(TYPES))
        stream = streams[0] if streams else None
        self.row_filter = EventFilter(types if parts else (), stream)
