"""Overview: everything at a glance; an airplane's seats are a bar."""

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
from airbook.tui.pages.pane import Pane
from airbook.tui.widgets.bars import ASCII, BLOCKS, fill, spark
from airbook.tui.widgets.columns import TONE_OF, Column, Part
from airbook.tui.widgets.detail import STYLES

SECONDS = 60


class Glance(NamedTuple):
    """What is seen at a glance. rejections: by reason. decided: in each of the last SECONDS."""

    status: Status
    airplanes: Sequence[Airplane]
    rejections: Mapping[str, int]
    decided: Sequence[int]


class Overview(Airplanes, inherit_bindings=False):
    """The counts on top, the airplanes below; they are changed on the page of their own."""

    BINDINGS: ClassVar[list[BindingType]] = Pane.BINDINGS

    def __init__(self, label: Labels, *, id: str, ascii: bool) -> None:  # noqa: A002 -- Textual's word, and ours
        self.strokes = ASCII if ascii else BLOCKS
        super().__init__(label, id=id)
        self._has_decisions = False
        self.counts, self.reasons, self.pace = (
            Static("", classes="glance", markup=False) for _ in range(3)
        )

    def columns(self) -> Sequence[Column]:
        """Draw the seats as a bar."""
        return (
            Column("id"),
            Column("name", grows=True, most=30),
            Column("seats", draw=self._bar, grows=True),
            Column("pending"),
            Column("left"),
            Column("status"),
        )

    def compose(self) -> ComposeResult:
        """Put the counts above the list."""
        with Horizontal(classes="glances"):
            yield self.counts
            yield self.reasons
            yield self.pace
        yield from super().compose()

    @property
    def ages(self) -> bool:
        """Decisions do, until they are more than SECONDS ago."""
        return self._has_decisions

    def question(self, as_of: int | None) -> Callable[[Airbook], Any]:
        """Ask for the counts and the airplanes."""
        return lambda airbook: glance(airbook, as_of)

    def show(self, found: Any) -> None:  # noqa: ANN401 -- a Glance, or only its airplanes
        """Show what was found."""
        if isinstance(found, Glance):
            self._has_decisions = any(found.decided)
            self.counts.update(self._table(mark("Reservations"), found.status.reservations))
            self.reasons.update(self._table(mark("Rejected because"), found.rejections))
            self.pace.update(self._pace(found))
            found = found.airplanes
        super().show(found)

    def _table(self, heading: str, counts: Mapping[str, int]) -> Content:
        return Content("\n").join([self._heading(heading), *self._rows(counts)])

    def _rows(self, counts: Mapping[str, int]) -> Iterator[Content]:
        for code, count in counts.items():
            style = STYLES[TONE_OF[code]] if count else STYLES["quiet"]
            number = Content.styled(f"{count:>7,}", style)
            yield number + Content.styled(f"  {self.label(CODES[code])}", "$quiet")

    def _pace(self, found: Glance) -> Content:
        width = max(8, self.pace.content_size.width)
        columns = spark(found.decided, width, self.strokes.steps)
        values = {"most": max(found.decided), "all": sum(found.decided)}
        parked = self.label(mark("{parked} parked"), {"parked": found.status.parked})
        return Content("\n").join(
            [
                self._heading(mark("Decisions a second")),
                Content.styled(columns, "$success"),
                Content.styled(self.label(mark("max {most}/s, {all} in 60 s"), values), "$quiet"),
                Content(""),
                Content.styled(parked, "$error" if found.status.parked else "$quiet"),
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


def glance(airbook: Airbook, as_of: int | None) -> Glance:
    """Read it all, as of a log position; None means now."""
    pages = airbook.queries
    status = pages.status(as_of=as_of)
    with pages.reading():
        return Glance(
            status,
            pages.airplanes(as_of=as_of),
            pages.rejections(as_of=as_of),
            pages.decided_by_second(SECONDS, as_of=as_of),
        )
