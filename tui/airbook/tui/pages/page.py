"""The base of all pages: a list, its filter line, and the detail of the current row."""

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
from airbook.tui.session.reading import RefreshRequested
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.detail import Detail, subject_of
from airbook.tui.widgets.filter import NOTHING, FilterLine
from airbook.tui.widgets.row_list import RowList


class Page(Vertical):
    """A page with a list; subclasses define its columns, its query and its filter.

    COLUMNS: the columns of the list. EMPTY, PLACEHOLDER: texts of an empty list and of an empty
    filter, in English. KEY: the field that identifies a row.
    """

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
        self.row_list = RowList(
            self.columns(),
            label,
            lambda row: int(getattr(row, self.KEY)),
            self.EMPTY,
            id=f"{id}-list",
        )
        self.row_list.order = self.KEY, True
        self.filter_line = FilterLine(label, self.PLACEHOLDER, self.row_list)
        self.detail = Detail(label, id=f"{id}-detail")
        self.detail.display = False
        self.split = Container(self.row_list, classes="split")

    def compose(self) -> ComposeResult:
        """Compose the filter line above the list."""
        yield self.filter_line
        yield self.split

    @property
    def changes_with_time(self) -> bool:
        """Return whether the data of the page changes while the log does not."""
        return False

    def columns(self) -> Sequence[Column]:
        """Return the columns of the list."""
        return self.COLUMNS

    @property
    def row(self) -> Any:  # noqa: ANN401 -- a response, or None
        """Return the row under the cursor; None if there is none."""
        return self.row_list.row

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Any]:
        """Return the query for the page's data, as of a log position; None means now."""
        raise NotImplementedError

    def show(self, result: Any) -> None:  # noqa: ANN401 -- the result of `page_query`
        """Show the result of the page's query."""
        window: Window[Any] = result
        self.row_list.show(window)

    def show_all(self, rows: Sequence[Any]) -> None:
        """Show a complete list of rows; the cursor stays on its row."""
        row, before = self.row, self.row_list.cursor
        key = None if row is None else self.row_list.key_of(row)
        places = (place for place, one in enumerate(rows) if self.row_list.key_of(one) == key)
        self.row_list.show(Window(len(rows), 0, rows, next(places, before) - before))

    def set_filter(self, text: str) -> None:
        """Set the filter to a typed text. Raises Mistyped if the text is no valid filter."""
        raise NotImplementedError

    def sort(self, column: str | None) -> None:  # noqa: ARG002 -- for pages with several orders
        """Put the rows in another order. column: the clicked one; None for the next order."""
        self.row_list.reverse()
        self.post_message(RefreshRequested())

    @on(RowList.SortRequested)
    def sort_requested(self, request: RowList.SortRequested) -> None:
        """Put the rows in the requested order."""
        self.sort(request.column)

    @on(FilterLine.Changed)
    def filter_typed(self, typed: FilterLine.Changed) -> None:
        """Apply the typed filter, or show why it is invalid."""
        typed.stop()
        try:
            self.set_filter(typed.text)
        except Mistyped as error:
            self.filter_line.complain(self.label(error.sentence, error.values))
        else:
            self.filter_line.complain("")
            self.row_list.empty = NOTHING if typed.text.strip() else self.EMPTY
            self.post_message(RefreshRequested())

    @on(RowList.Highlighted)
    def row_reached(self, reached: RowList.Highlighted) -> None:
        """Read the detail of another row."""
        before, self.detail.subject = self.detail.subject, subject_of(reached.row)
        if self.detail.subject is None:
            self.detail.empty()
        elif self.detail.display and self.detail.subject != before:
            self.post_message(RefreshRequested())

    @on(RowList.Chosen)
    def row_chosen(self, chosen: RowList.Chosen) -> None:
        """Open the detail of a row; if it is open, move the focus to it."""
        if self.detail.display:
            self.detail.focus()
            return
        self.detail.subject = subject_of(chosen.row)
        self.open_detail(shown=True)

    def open_detail(self, *, shown: bool) -> None:
        """Show or hide the detail, beside the list or below it."""
        if not self.detail.is_attached:
            self.split.mount(self.detail)
        self.detail.display = self.row_list.pinned = shown
        self.set_class(shown, "-detailed")
        self.refresh_bindings()
        if shown:
            self.post_message(RefreshRequested())
        else:
            self.row_list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual calls it
        """Enable "back" while there is a detail or a filter to close."""
        return action != "back" or self.detail.display or bool(self.filter_line.text)

    def action_filter(self) -> None:
        """Open the filter line."""
        self.filter_line.open()

    def action_back(self) -> None:
        """Close the detail; without a detail, clear the filter."""
        if self.detail.display:
            self.open_detail(shown=False)
        else:
            self.filter_line.clear()
