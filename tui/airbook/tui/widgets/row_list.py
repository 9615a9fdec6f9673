"""A list of any length: it holds the rows around the visible ones and requests others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message

from airbook.application.paging import Anchor, Window, WindowRequest
from airbook.application.text.labels import Labels
from airbook.tui.session.keys import key
from airbook.tui.session.reading import RefreshRequested
from airbook.tui.session.reasons import NO_ROW, Reason
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.table import Table


class RowList(Table, inherit_bindings=False):
    """A table whose cursor stays on its row while other rows come and go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("down", "move(1)"),
        key("up", "move(-1)"),
        key("page_down", "page(1)"),
        key("page_up", "page(-1)"),
        key("first", "first"),
        key("last", "last"),
        key("detail", "choose"),
        key("sort", "sort"),
    ]

    class Highlighted(Message):
        """The cursor is on another row, or its row has changed. row: None in an empty list."""

        def __init__(self, row: Any) -> None:  # noqa: ANN401 -- a response, or None
            super().__init__()
            self.row = row

    class Chosen(Message):
        """A row was chosen with Enter or a double click."""

        def __init__(self, row: Any) -> None:  # noqa: ANN401 -- a response
            super().__init__()
            self.row = row

    class CursorMoved(Message):
        """The cursor or the length of the list may have changed."""

    class SortRequested(Message):
        """Another order is requested. column: the clicked one; None requests the next order."""

        def __init__(self, column: str | None) -> None:
            super().__init__()
            self.column = column

    def __init__(
        self,
        columns: Sequence[Column],
        label: Labels,
        key_of: Callable[[Any], int],
        empty: str,
        *,
        id: str,  # noqa: A002 -- Textual's word
    ) -> None:
        """key_of: returns a row's number. empty: the text of an empty list, in English."""
        super().__init__(columns, label, empty, id=id)
        self.key_of = key_of
        self.pinned = False  # the detail of the row under the cursor is open
        self._reported: Any = None
        self._key: int | None = None
        self._is_at_top = False
        self._requested = (0, 0)

    @property
    def row(self) -> Any:  # noqa: ANN401 -- a response, or None
        """Return the row under the cursor; None if there is none, or while it is being read."""
        return self.row_at(self.cursor)

    @property
    def count(self) -> str:
        """Return the number of the cursor's row and the number of rows, as text."""
        total = self.window.total
        return f"{self.cursor + 1:,}/{total:,}" if total else ""

    def request(self, as_of: int | None) -> WindowRequest:
        """Return the window of the next query: the visible rows, with a page before and after."""
        first, count = max(0, self.top - self.room), 3 * self.room
        self._requested = (first, first + count)
        return WindowRequest(first, count, self._anchor(), self.order, as_of)

    def _anchor(self) -> Anchor | None:
        top = self.top
        self._is_at_top = self.cursor == 0 and top == 0 and not self.pinned
        if self._is_at_top:
            return None  # at the top, new rows are shown
        seen = range(top, top + self.size.height)
        place = self.cursor if self.cursor in seen else top
        row = self.row_at(place)
        return None if row is None else Anchor(self.key_of(row), place)

    def show(self, window: Window[Any]) -> None:
        """Show a window of rows; a row that stays keeps its place on the screen."""
        before = self.scroll_y
        self.set_window(window)
        self._requested = (window.first, window.first + len(window.rows))
        self.cursor = max(0, min(self._place_in(window), window.total - 1))
        self._remember_key()
        if window.shift:
            self.scroll_to(y=before + window.shift, animate=False, force=True)
        self.refresh()
        self._report()
        self._request_rows()
        self._post(self.CursorMoved())

    def _place_in(self, window: Window[Any]) -> int:
        """Return the place of the row under the cursor; if the row is gone, the cursor's place."""
        if self._is_at_top:
            return 0
        keys = (self.key_of(row) for row in window.rows)
        found = next((place for place, key in enumerate(keys) if key == self._key), None)
        return self.cursor + window.shift if found is None else window.first + found

    def _remember_key(self) -> None:
        if self.row is not None:
            self._key = self.key_of(self.row)

    def _report(self) -> None:
        if self.row is not self._reported and self.row != self._reported:
            self._reported = self.row
            self.post_message(self.Highlighted(self.row))
        elif self.window.total == 0 and self._reported is not None:
            self._reported = None
            self.post_message(self.Highlighted(None))

    def go_to(self, place: int) -> None:
        """Move the cursor to a place, and scroll to it."""
        self.cursor = max(0, min(place, self.window.total - 1))
        self._is_at_top, self._key = False, None
        self._remember_key()
        if not self.top <= self.cursor < self.top + self.room:
            top = self.cursor if self.cursor < self.top else self.cursor - self.room + 1
            self.scroll_to(y=top, animate=False, force=True)
        self.refresh()
        if self.row is not None:
            self._report()
        self._post(self.CursorMoved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Request the rows that became visible."""
        super().watch_scroll_y(old_value, new_value)
        self._request_rows()

    def on_resize(self) -> None:
        """Request the rows that became visible."""
        self.virtual_size = Size(self.size.width, self.window.total + 1)
        self._request_rows()

    def _request_rows(self) -> None:
        first, last = self._requested
        if self.top < first or min(self.top + self.room, self.window.total) > last:
            self._post(RefreshRequested())

    def _post(self, message: Message) -> None:
        # Textual does not bubble a message to a parent that is handling one when it is posted.
        self.call_later(self.post_message, message)

    def reason_against(self, action: str, parameters: tuple[object, ...]) -> Reason | None:  # noqa: ARG002 -- as of Explains
        """Return that there is no row to explain; None if there is one."""
        return Reason(NO_ROW) if action == "choose" and self.row is None else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that are possible now."""
        return True if self.reason_against(action, parameters) is None else None

    def action_move(self, by: int) -> None:
        """Move the cursor by some rows."""
        self.go_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by some pages."""
        self.go_to(self.cursor + by * max(1, self.room - 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.go_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.go_to(self.window.total - 1)

    def action_choose(self) -> None:
        """Report the row under the cursor as chosen."""
        if self.row is not None:
            self.post_message(self.Chosen(self.row))

    def action_sort(self) -> None:
        """Request the next order."""
        self.post_message(self.SortRequested(None))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; choose it on a double click; sort on a heading."""
        if event.y == 0:
            if (column := self.column_at(event.x)) is not None:
                self.post_message(self.SortRequested(column))
            return
        place = self.top + event.y - 1
        if place < self.window.total:
            self.go_to(place)
            if event.chain > 1:
                self.action_choose()
