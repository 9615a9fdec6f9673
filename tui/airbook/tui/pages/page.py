"""The base of all pages: a list, its filter line, and the detail of the current row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from airbook.application.airbook import Airbook
from airbook.application.filtering import Fields
from airbook.application.paging import Complaint, Window
from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.application.text.terminal import shown
from airbook.eventlog.selection import SortOrder
from airbook.tui.session.keys import key
from airbook.tui.session.reading import RefreshRequested
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.detail import Detail, subject_of
from airbook.tui.widgets.filter import NOTHING, FilterLine, filter_help
from airbook.tui.widgets.help_line import HelpLine
from airbook.tui.widgets.row_list import RowList
from airbook.tui.widgets.sorting import clicked_order, next_order
from airbook.tui.widgets.table import EMPTY


class Page(Vertical):
    """A page with a list; subclasses define its columns, its query and its filter.

    COLUMNS: the columns of the list. EMPTY, PLACEHOLDER: texts of an empty list and of an empty
    filter, in English. KEY: the field that identifies a row. NEWEST_FIRST: whether the list begins
    with the highest key. FIELDS: the fields that a filter can name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("filter", "filter"),
        key("back", "back"),
    ]
    COLUMNS: ClassVar[Sequence[Column]] = ()
    EMPTY: ClassVar[str] = ""
    PLACEHOLDER: ClassVar[str] = ""
    KEY: ClassVar[str] = "id"
    NEWEST_FIRST: ClassVar[bool] = True
    FIELDS: ClassVar[Fields] = Fields({})

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
        self.first_order = SortOrder(self.KEY, self.NEWEST_FIRST)
        self.row_list.order = self.first_order
        self.complaint: Complaint | None = None  # about the typed filter
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
        self.show_window(result)

    def show_window(self, window: Window[Any]) -> None:
        """Show a window of rows; if the filter matches nothing, show why."""
        if self.complaint is not None:
            window = EMPTY
        self.row_list.show(window)
        self.filter_line.complain(self._complaint_about(window))

    def _complaint_about(self, window: Window[Any]) -> str:
        found = self.complaint or window.complaint
        text = self.filter_line.text.strip()
        if found is None and text and not window.total:
            found = self.nothing_found(text)
        return self.label(*found) if found else ""

    def nothing_found(self, text: str) -> Complaint:
        """Return why a valid filter matches nothing."""
        return Complaint(mark("Nothing matches {text}."), {"text": shown(text)})

    def show_all(self, rows: Sequence[Any]) -> None:
        """Show a complete list of rows; the cursor stays on its row."""
        row, before = self.row, self.row_list.cursor
        key = None if row is None else self.row_list.key_of(row)
        places = (place for place, one in enumerate(rows) if self.row_list.key_of(one) == key)
        self.show_window(Window(len(rows), 0, rows, next(places, before) - before))

    def set_filter(self, text: str) -> None:
        """Set the filter to a typed text. Raises Mistyped if the text is no valid filter."""
        raise NotImplementedError

    def sort(self, column: str | None) -> None:
        """Put the rows in another order. column: the clicked one; None for the next order."""
        order, first = self.row_list.order, self.first_order
        if column is None:
            self.row_list.order = next_order(order, self.row_list.shown_columns(), first)
        else:
            self.row_list.order = clicked_order(order, column, first)
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
            self.complaint = Complaint(error.sentence, error.values)
            self.show_window(EMPTY)
        else:
            self.complaint = None
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

    def help_lines(self) -> Sequence[HelpLine]:
        """Explain the filter of the list: examples, and what they match."""
        return filter_help(self.PLACEHOLDER, self.FIELDS, self.label)

    def action_filter(self) -> None:
        """Open the filter line."""
        self.filter_line.open()

    def action_back(self) -> None:
        """Close the detail; without a detail, clear the filter."""
        if self.detail.display:
            self.open_detail(shown=False)
        else:
            self.filter_line.clear()
