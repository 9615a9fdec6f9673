"""The page of the system: the store, the daemons, the views, and parked reservations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from airbook.application import outcome
from airbook.application.airbook import Airbook
from airbook.application.responses import Parked, StoreStatus, ViewLag
from airbook.application.row_filter import PARKED_CODES, PARKED_FIELDS
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.eventlog.lease import Heartbeat
from airbook.tui.pages.short_list import ShortList
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import Column


class SystemData(NamedTuple):
    """The data of the page. heartbeats: by the name of the lease that a daemon holds."""

    store: StoreStatus
    heartbeats: Mapping[str, Heartbeat]
    lags: Sequence[ViewLag]
    parked: Sequence[Parked]


class System(ShortList):
    """Parked reservations below the state of the system; the page always shows the present."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("retry", "screen.retry"),
        key("drop", "screen.drop"),
    ]
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("reservation"),
        Column("state"),
        Column("position"),
        Column("at", from_width=80),
        Column("error", grows=True),
    )
    EMPTY = mark("Nothing is parked.")
    PLACEHOLDER = mark("a part of the error   state:parked   reservation:7")
    KEY = "reservation"
    NEWEST_FIRST = False
    FIELDS = PARKED_FIELDS
    CODES_OF = PARKED_CODES

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(label, id=id)
        self.text = Static("", classes="system-text", markup=False)
        self.shows_past = False

    def compose(self) -> ComposeResult:
        """Compose the state of the system above the list."""
        yield self.text
        yield from super().compose()

    @property
    def changes_with_time(self) -> bool:
        """Return True: heartbeats age."""
        return True

    def page_query(self, as_of: int | None) -> Callable[[Airbook], SystemData]:
        """Return a query for the data of the page; `as_of` only marks the page as of now."""
        self.shows_past = as_of is not None
        return read_system

    def show(self, result: Any) -> None:  # noqa: ANN401 -- a SystemData
        """Show the state of the system, and the parked reservations that match the filter."""
        data: SystemData = result
        self.text.update(Content("\n").join(self._lines(data)))
        self.show_rows(data.parked)

    def _lines(self, data: SystemData) -> list[Content]:
        lines = [
            *self._store_lines(data.store),
            *self._daemon_lines(data.heartbeats),
            *self._view_lines(data.lags),
        ]
        if self.shows_past:
            lines.insert(0, self._line(mark("This page always shows the present."), "", "$warning"))
        return lines

    def _store_lines(self, store: StoreStatus) -> list[Content]:
        events = self.label(mark("{position} events"), {"position": store.position})
        values = {"bytes": f"{store.bytes:,}", "database": store.database}
        size = self.label(mark("{bytes} bytes in {database}"), values)
        return [self._line(mark("Store"), store.store), self._line("", f"{events}, {size}")]

    def _daemon_lines(self, heartbeats: Mapping[str, Heartbeat]) -> list[Content]:
        daemons = [
            self.label(
                mark("{lease}: process {pid}, {age} s ago"),
                {"lease": lease, "pid": one.pid, "age": f"{one.age():.1f}"},
            )
            for lease, one in sorted(heartbeats.items())
        ]
        none = self.label(mark("none is running. Start it: airbook daemon"))
        return self._block(mark("Daemons"), daemons or [none], "" if daemons else "$error")

    def _view_lines(self, lags: Sequence[ViewLag]) -> list[Content]:
        views = [
            self.label(
                mark("{name}: position {position}, {behind} events behind"),
                {"name": lag.name, "position": lag.position, "behind": lag.lag_events},
            )
            for lag in lags
        ]
        return self._block(mark("Views"), views)

    def _block(self, heading: str, texts: Sequence[str], style: str = "") -> list[Content]:
        return [
            self._line("" if place else heading, text, style) for place, text in enumerate(texts)
        ]

    def _line(self, heading: str, text: str, style: str = "") -> Content:
        title = Content.styled(self.label(heading), "bold $primary")
        gap = " " * max(1, 12 - title.cell_length)
        return title + gap + Content.styled(visible(text), style)


def read_system(airbook: Airbook) -> SystemData:
    """Read the state of the store, the daemons and the views, and the parked reservations."""
    return SystemData(
        airbook.store_status(),
        airbook.log.diagnostics.heartbeats(),
        airbook.queries.lags(),
        outcome.parked(airbook),
    )
