"""The page of events: the log, the newest event first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from airbook.application.airbook import Airbook
from airbook.application.event_filter import FIELDS, EventFilter, event_filter
from airbook.application.paging import Window, events
from airbook.application.responses import Event
from airbook.application.text.labels import Labels, mark
from airbook.tui.pages.page import Page
from airbook.tui.widgets.columns import Column


class Events(Page):
    """The events of the log, read by windows."""

    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("position"),
        Column("at", from_width=92),
        Column("stream"),
        Column("type"),
        Column("by", from_width=108, sorts=False),
        Column("data", grows=True),
    )
    EMPTY = mark("There are no events here.")
    PLACEHOLDER = mark("seat=3   type:SeatAssigned   plane:9   after:-1h")
    KEY = "position"
    FIELDS = FIELDS

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(label, id=id)
        self.row_filter = EventFilter()

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Window[Event]]:
        """Return a query for the visible events."""
        row_filter, request = self.row_filter, self.row_list.request(as_of)
        return lambda airbook: events(airbook.log, row_filter, request, airbook.clock())

    def set_filter(self, text: str) -> None:
        """Set the filter of the list. Raises Mistyped."""
        self.row_filter = event_filter(text, self.label)
