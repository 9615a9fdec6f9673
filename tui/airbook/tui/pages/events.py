"""Events: the log itself, every event, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on

from airbook.application.airbook import Airbook
from airbook.application.paging import EventFilter, Window, events
from airbook.application.responses import Event
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.eventlog.codec import CODEC
from airbook.tui.pages.pane import Pane
from airbook.tui.session.reading import Wanted
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.listing import Listing

TYPES = tuple(word.name for word in CODEC.event_types)


class Events(Pane):
    """The live end of the log, and all that lies behind it."""

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
        self.wanted = EventFilter()

    def question(self, as_of: int | None) -> Callable[[Airbook], Window[Event]]:
        """Ask for those that are seen."""
        wanted, scope = self.wanted, self.listing.scope(as_of)
        return lambda airbook: events(airbook.log, wanted, scope)

    def accept(self, text: str) -> None:
        """Take a stream, and a part of the name of a type."""
        streams = [word for word in text.split() if "-" in word]
        parts = [word.lower() for word in text.split() if "-" not in word]
        types = tuple(name for name in TYPES if all(part in name.lower() for part in parts))
        if len(streams) > 1 or not types:
            sentence = mark("There are events of one stream, and of these types: {types}.")
            raise Mistyped(sentence, types=", ".join(TYPES))
        stream = streams[0] if streams else None
        self.wanted = EventFilter(types if parts else (), stream)

    @on(Listing.Sorted)
    def sort(self) -> None:
        """Turn the order round: the latest first, or the first."""
        self.listing.turn()
        self.post_message(Wanted())
