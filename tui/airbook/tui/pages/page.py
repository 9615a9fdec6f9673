"""A page of the dashboard: a list, a line to filter it by, and all about the row one is at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from airbook.application.airbook import Airbook
from airbook.application.paging import Window
from airbook.application.text.labels import Labels
from airbook.application.text.parsing import Mistyped
from airbook.tui.session.keys import key
from airbook.tui.session.reading import Wanted
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.detail import Detail, subject_of
from airbook.tui.widgets.filter import NOTHING, FilterLine
from airbook.tui.widgets.listing import Listing


class Pane(Vertical):
    """What pages of a list have in common; each says what its rows are, and how to find them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("filter", "filter"),
        key("back", "back"),
    ]
    COLUMNS: ClassVar[Sequence[Column]] = ()
    EMPTY: ClassVar[str] = ""
    PLACEHOLDER: ClassVar[str] = ""
    KEY: ClassVar[str] = "id"

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(id=id)
        self.label = label
        self.listing = Listing(
            self.columns(),
            label,
            lambda row: int(getattr(row, self.KEY)),
            self.EMPTY,
            id=f"{id}-list",
        )
        self.listing.order = self.KEY, True
        self.line = FilterLine(label, self.PLACEHOLDER, self.listing)
        self.detail = Detail(label, id=f"{id}-detail")
        self.detail.display = False
        self.split = Container(self.listing, classes="split")

    def compose(self) -> ComposeResult:
        """Put the list below the line it is filtered by."""
        yield self.line
        yield self.split

    @property
    def ages(self) -> bool:
        """Tell whether what is shown changes while the log does not."""
        return False

    def columns(self) -> Sequence[Column]:
        """Say what stands in a row."""
        return self.COLUMNS

    @property
    def row(self) -> Any:  # noqa: ANN401 -- a shape, or None
        """Give the row one is at."""
        return self.listing.row

    def question(self, as_of: int | None) -> Callable[[Airbook], Any]:
        """Say what is to be read, as of a log position; None means now."""
        raise NotImplementedError

    def show(self, found: Any) -> None:  # noqa: ANN401 -- what `question` found
        """Show what was found."""
        window: Window[Any] = found
        self.listing.show(window)

    def show_all(self, rows: Sequence[Any]) -> None:
        """Show rows that are all there are; the cursor stays with its row."""
        row, before = self.row, self.listing.cursor
        told = None if row is None else self.listing.key_of(row)
        keys = (place for place, one in enumerate(rows) if self.listing.key_of(one) == told)
        self.listing.show(Window(len(rows), 0, rows, next(keys, before) - before))

    def accept(self, text: str) -> None:
        """Take a filter as it is typed. Raises Mistyped while it means nothing."""
        raise NotImplementedError

    @on(FilterLine.Changed)
    def filter_typed(self, typed: FilterLine.Changed) -> None:
        """Show only what the filter lets through."""
        typed.stop()
        try:
            self.accept(typed.text)
        except Mistyped as error:
            self.line.complain(self.label(error.sentence, error.values))
        else:
            self.line.complain("")
            self.listing.empty = NOTHING if typed.text.strip() else self.EMPTY
            self.post_message(Wanted())

    @on(Listing.Highlighted)
    def row_reached(self, reached: Listing.Highlighted) -> None:
        """Tell about another row."""
        before, self.detail.subject = self.detail.subject, subject_of(reached.row)
        if self.detail.subject is None:
            self.detail.empty()
        elif self.detail.display and self.detail.subject != before:
            self.post_message(Wanted())

    @on(Listing.Chosen)
    def row_chosen(self, chosen: Listing.Chosen) -> None:
        """Open what is told about a row; asked again, go there."""
        if self.detail.display:
            self.detail.focus()
            return
        self.detail.subject = subject_of(chosen.row)
        self.open_detail(shown=True)

    def open_detail(self, *, shown: bool) -> None:
        """Show or hide what is told about a row, beside the list or below it."""
        if not self.detail.is_attached:
            self.split.mount(self.detail)
        self.detail.display = self.listing.pinned = shown
        self.set_class(shown, "-detailed")
        self.refresh_bindings()
        if shown:
            self.post_message(Wanted())
        else:
            self.listing.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual calls it
        """Offer the way back where there is one."""
        return action != "back" or self.detail.display or bool(self.line.text)

    def action_filter(self) -> None:
        """Type what the list is to be filtered by."""
        self.line.open()

    def action_back(self) -> None:
        """Close what was opened last."""
        if self.detail.display:
            self.open_detail(shown=False)
        else:
            self.line.clear()
