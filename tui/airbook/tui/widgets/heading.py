"""The first line of a screen: the store, its daemon, the lag of the views, and the position."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from airbook.application.airbook import Airbook
from airbook.application.responses import Daemon
from airbook.application.text.formatting import format_time
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.tui.widgets.columns import cut


class Vitals(Struct, frozen=True):
    """The state of the store. lag: how many events the views are behind the log."""

    store: str
    position: int
    daemon: Daemon
    lag: int


def read_vitals(airbook: Airbook) -> Vitals:
    """Read the state of the store. Raises StoreError if the store is gone."""
    airbook.check_is_there()
    return Vitals(
        airbook.store.url,
        airbook.log.head(),
        airbook.daemon(),
        max((one.lag_events for one in airbook.queries.lags()), default=0),
    )


class Heading(Static):
    """Shows the store and its state; its colors mark the past and a lost store."""

    vitals: reactive[Vitals | None] = reactive(None)
    lost: reactive[str] = reactive("")
    as_of: reactive[int | None] = reactive(None)
    at: reactive[str | None] = reactive(None)
    paused: reactive[bool] = reactive(default=False)

    def __init__(self, label: Labels, *, read_only: bool) -> None:
        super().__init__(markup=False)
        self.label = label
        self.read_only = read_only

    def watch_lost(self, lost: str) -> None:
        """Change the color while the store is lost."""
        self.set_class(bool(lost), "-lost")

    def watch_as_of(self, as_of: int | None) -> None:
        """Change the color while the screen shows the past."""
        self.set_class(as_of is not None, "-past")

    def render(self) -> Content:
        """Draw the line."""
        room = self.content_size.width
        right = Content("  ").join([*self._signs(), self._moment()])
        store = "airbook" if self.vitals is None else shortened(self.vitals.store)
        left = Content.styled(
            cut(visible(self.lost or store), room - right.cell_length - 2), "bold"
        )
        return left + " " * max(1, room - left.cell_length - right.cell_length) + right

    def _signs(self) -> list[Content]:
        label, found = self.label, self.vitals
        if found is None or self.lost or self.as_of is not None:
            return []
        age = found.daemon.heartbeat_age_seconds
        daemon = (
            Content.styled(label(mark("no daemon")), "bold $error")
            if age is None
            else Content(label(mark("daemon {age} s"), {"age": f"{age:.1f}"}))
        )
        lag = Content(label(mark("lag {lag}"), {"lag": found.lag}))
        return [daemon, lag.stylize("$warning") if found.lag else lag]

    def _moment(self) -> Content:
        label = self.label
        words = [label(mark("read-only"))] if self.read_only else []
        if self.as_of is not None:
            sentence = mark("AS OF {position}, {at}")
            at = format_time(self.at) if self.at else "-"
            words = [label(sentence, {"position": self.as_of, "at": at}), label(mark("read-only"))]
        elif self.paused:
            words.append(label(mark("PAUSED")))
        elif not self.lost:
            words.append(label(mark("LIVE")))
        return Content.styled("  ".join(words), "bold")


def shortened(url: str) -> str:
    """Shorten a store's URL: a file becomes its path, relative to the home folder if possible."""
    path = url.removeprefix("sqlite:///").partition("?")[0]
    if path.startswith("postgres"):
        return path
    home = str(Path.home())
    return f"~{path.removeprefix(home)}" if path.startswith(f"{home}/") else path
