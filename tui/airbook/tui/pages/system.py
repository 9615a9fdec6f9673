"""System: the store, the daemons, the views, and what is parked."""

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
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.eventlog.lease import Heartbeat
from airbook.tui.pages.pane import Pane
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import Column


class Inside(NamedTuple):
    """What is inside. heartbeats: by the lease a daemon holds."""

    store: StoreStatus
    heartbeats: Mapping[str, Heartbeat]
    lags: Sequence[ViewLag]
    parked: Sequence[Parked]


class System(Pane):
    """Always of now: what is parked, and how far views have come, has no past."""

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
    PLACEHOLDER = mark("a part of the error")
    KEY = "reservation"

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(label, id=id)
        self.text = Static("", classes="inside", markup=False)
        self.listing.order = "", False
        self.part = ""
        self.is_past = False

    def compose(self) -> ComposeResult:
        """Put the store, the daemons and the views above what is parked."""
        yield self.text
        yield from super().compose()

    @property
    def ages(self) -> bool:
        """Heartbeats do."""
        return True

    def question(self, as_of: int | None) -> Callable[[Airbook], Inside]:
        """Ask for all of it, of now in any case."""
        self.is_past = as_of is not None
        return look_inside

    def show(self, found: Any) -> None:  # noqa: ANN401 -- what is inside
        """Show what was found."""
        inside: Inside = found
        self.text.update(Content("\n").join(self._lines(inside)))
        parked = [one for one in inside.parked if self.part in one.error.lower()]
        self.show_all(parked)

    def accept(self, text: str) -> None:
        """Take a part of an error."""
        self.part = text.lower()

    def _lines(self, inside: Inside) -> list[Content]:
        store = inside.store
        size = self.label(
            mark("{bytes} bytes in {database}"),
            {
                "bytes": f"{store.bytes:,}",
                "database": store.database,
            },
        )
        lines = [
            self._line(mark("Store"), store.store),
            self._line(
                "", f"{self.label(mark('{position} events'), {'position': store.position})}, {size}"
            ),
        ]
        daemons = [
            self.label(
                mark("{lease}: process {pid}, {age} s ago"),
                {"lease": lease, "pid": one.pid, "age": f"{one.age():.1f}"},
            )
            for lease, one in sorted(inside.heartbeats.items())
        ]
        none = self.label(mark("none is running. Start it: airbook daemon"))
        lines += self._block(mark("Daemons"), daemons or [none], "" if daemons else "$error")
        views = [
            self.label(
                mark("{name}: position {position}, {behind} events behind"),
                {"name": lag.name, "position": lag.position, "behind": lag.lag_events},
            )
            for lag in inside.lags
        ]
        now = self.label(mark("All of this page is of now.")) if self.is_past else ""
        lines += self._block(mark("Views"), views)
        return [self._line(now, "", "$warning"), *lines] if now else lines

    def _block(self, heading: str, texts: Sequence[str], style: str = "") -> list[Content]:
        return [
            self._line("" if place else heading, text, style) for place, text in enumerate(texts)
        ]

    def _line(self, heading: str, text: str, style: str = "") -> Content:
        title = Content.styled(self.label(heading), "bold $primary")
        gap = " " * max(1, 12 - title.cell_length)
        return title + gap + Content.styled(visible(text), style)


def look_inside(airbook: Airbook) -> Inside:
    """Find out about the store, the daemons, the views, and what is parked."""
    return Inside(
        airbook.store_status(),
        airbook.log.diagnostics.heartbeats(),
        airbook.queries.lags(),
        outcome.parked(airbook),
    )
