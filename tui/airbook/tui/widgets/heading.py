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

LEAST_CELLS = 10  # of the store's name, and of the gap after it


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
        """Draw the line; on a narrow screen, the signs are shortened before the store's name."""
        room = self.content_size.width
        lines = [Content("  ").join([*signs, self._moment()]) for signs in self._signs()]
        right = next((one for one in lines if one.cell_length + LEAST_CELLS <= room), lines[-1])
        store = "airbook" if self.vitals is None else shortened(self.vitals.store)
        most = max(0, room - right.cell_length - 2)
        left = Content.styled(cut(visible(self.lost or store), most), "bold")
        return left + " " * max(1, room - left.cell_length - right.cell_length) + right

    def _signs(self) -> list[list[Content]]:
        """Return the signs of the daemon and of the views, the longest form first."""
        label, found = self.label, self.vitals
        if found is None or self.lost or self.as_of is not None:
            return [[]]
        age = found.daemon.heartbeat_age_seconds
        if age is None:
            texts = (mark("no daemon: requests wait"), mark("no daemon"))
            long, daemon = (Content.styled(label(text), "bold $error") for text in texts)
        else:
            daemon = long = Content(label(mark("daemon {age} s"), {"age": f"{age:.1f}"}))
        lag = Content(label(mark("lag {lag}"), {"lag": found.lag}))
        lag = lag.stylize("$warning") if found.lag else lag
        return [[long, lag], [daemon, lag], [daemon], []]

    def _moment(self) -> Content:
        label = self.label
        words = [label(mark("read-only"))] if self.read_only else []
        if self.as_of is not None:
            sentence = mark("AS OF {position}, {at}")
            at = format_time(self.at) if self.at else "-"
            words = [label(sentence, {"position": self.as_of, "at": at}), label(mark("read-only"))]
        elif self.paused:
            words.append(label(mark("screen: PAUSED")))
        elif not self.lost:
            words.append(label(mark("screen: live")))
        return Content.styled("  ".join(words), "bold")


def shortened(url: str) -> str:
    """Shorten a store's URL: a file becomes its path, relative to the home folder if possible."""
    path = url.removeprefix("sqlite:///").partition("?")[0]
    if path.startswith("postgres"):
        return path
    home = str(Path.home())
    return f"~{path.removeprefix(home)}" if path.startswith(f"{home}/") else path
