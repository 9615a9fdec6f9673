"""The overview: counts, decisions a second, and the airplanes with a bar for their seats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane, Status
from airbook.application.text.formatting import CODES
from airbook.application.text.labels import Labels, mark
from airbook.tui.pages.airplanes import Airplanes
from airbook.tui.pages.page import Page
from airbook.tui.widgets.bars import ASCII, BLOCKS, fill, spark
from airbook.tui.widgets.columns import TONE_OF, Column, Part
from airbook.tui.widgets.detail import STYLES

SECONDS = 60


class OverviewData(NamedTuple):
    """The data of the overview.

    rejections: counts by reason. decided: the number of decisions in each of the last SECONDS
    seconds.
    """

    status: Status
    airplanes: Sequence[Airplane]
    rejections: Mapping[str, int]
    decided: Sequence[int]


class Overview(Airplanes, inherit_bindings=False):
    """Counts above a list of airplanes; airplanes are changed on their own page."""

    BINDINGS: ClassVar[list[BindingType]] = Page.BINDINGS

    def __init__(self, label: Labels, *, id: str, ascii: bool) -> None:  # noqa: A002 -- Textual's word, and ours
        self.strokes = ASCII if ascii else BLOCKS
        super().__init__(label, id=id)
        self._has_decisions = False
        self.counts, self.reasons, self.pace = (
            Static("", classes="overview-count", markup=False) for _ in range(3)
        )

    def columns(self) -> Sequence[Column]:
        """Return the columns; the seats are drawn as a bar."""
        return (
            Column("id"),
            Column("name", grows=True, most=30),
            Column("seats", draw=self._bar, grows=True),
            Column("pending"),
            Column("left"),
            Column("status"),
        )

    def compose(self) -> ComposeResult:
        """Compose the counts above the list."""
        with Horizontal(classes="overview-counts"):
            yield self.counts
            yield self.reasons
            yield self.pace
        yield from super().compose()

    @property
    def changes_with_time(self) -> bool:
        """Return whether there were decisions in the last SECONDS seconds: their chart moves."""
        return self._has_decisions

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Any]:
        """Return a query for the counts and the airplanes."""
        return lambda airbook: read_overview(airbook, as_of)

    def show(self, result: Any) -> None:  # noqa: ANN401 -- an OverviewData, or its airplanes
        """Show the counts and the airplanes; when only the order changes, the airplanes alone."""
        if isinstance(result, OverviewData):
            self._has_decisions = any(result.decided)
            self.counts.update(self._table(mark("Reservations"), result.status.reservations))
            self.reasons.update(self._table(mark("Rejected because"), result.rejections))
            self.pace.update(self._pace(result))
            result = result.airplanes
        super().show(result)

    def _table(self, heading: str, counts: Mapping[str, int]) -> Content:
        return Content("\n").join([self._heading(heading), *self._rows(counts)])

    def _rows(self, counts: Mapping[str, int]) -> Iterator[Content]:
        for code, count in counts.items():
            style = STYLES[TONE_OF[code]] if count else STYLES["quiet"]
            number = Content.styled(f"{count:>7,}", style)
            yield number + Content.styled(f"  {self.label(CODES[code])}", "$quiet")

    def _pace(self, data: OverviewData) -> Content:
        width = max(8, self.pace.content_size.width)
        columns = spark(data.decided, width, self.strokes.steps)
        values = {"most": max(data.decided), "all": sum(data.decided)}
        parked = self.label(mark("{parked} parked"), {"parked": data.status.parked})
        return Content("\n").join(
            [
                self._heading(mark("Decisions a second")),
                Content.styled(columns, "$success"),
                Content.styled(self.label(mark("max {most}/s, {all} in 60 s"), values), "$quiet"),
                Content(""),
                Content.styled(parked, "$error" if data.status.parked else "$quiet"),
            ]
        )

    def _heading(self, english: str) -> Content:
        return Content.styled(self.label(english), "bold $primary")

    def _bar(self, row: Any, width: int) -> Sequence[Part]:  # noqa: ANN401 -- an airplane
        numbers = f" {row.taken}/{row.seats}"
        taken, pending, left = fill(row.taken, row.pending, row.seats, width - 10)
        return (
            (self.strokes.taken * taken, "good"),
            (self.strokes.pending * pending, "pending"),
            (self.strokes.left * left, "quiet"),
            (f"{numbers:<10}", ""),
        )


def read_overview(airbook: Airbook, as_of: int | None) -> OverviewData:
    """Read the data of the overview as of a log position; None means now."""
    queries = airbook.queries
    status = queries.status(as_of=as_of)
    with queries.reading():
        return OverviewData(
            status,
            queries.airplanes(as_of=as_of),
            queries.rejections(as_of=as_of),
            queries.decided_by_second(SECONDS, as_of=as_of),
        )
