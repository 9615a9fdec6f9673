"""A list of any length: it holds the rows around those that are seen, and asks for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message

from airbook.application.paging import Anchor, Scope, Window
from airbook.application.text.labels import Labels
from airbook.tui.session.keys import key
from airbook.tui.session.reading import Wanted
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.table import Table


class Listing(Table, inherit_bindings=False):
    """A table whose cursor stays with its row while others come and go."""

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
        """The cursor has come to another row, or that row has changed."""

        def __init__(self, row: Any) -> None:  # noqa: ANN401 -- a shape, or None
            super().__init__()
            self.row = row

    class Chosen(Message):
        """A row was chosen."""

        def __init__(self, row: Any) -> None:  # noqa: ANN401 -- a shape
            super().__init__()
            self.row = row

    class Moved(Message):
        """The cursor may be at another place, or the list of another length."""

    class Sorted(Message):
        """Another order is wanted. column: the one that was clicked, None for the next one."""

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
        """key_of: what tells a row from others. empty: said, in English, where there are none."""
        super().__init__(columns, label, empty, id=id)
        self.key_of = key_of
        self.newest_first = True
        self.pinned = False  # somebody reads about the row under the cursor
        self._told: Any = None
        self._key: int | None = None
        self._is_at_top = False
        self._asked = (0, 0)

    @property
    def row(self) -> Any:  # noqa: ANN401 -- a shape, or None
        """Give the row under the cursor; None where there is none, or it is being read."""
        return self.at(self.cursor)

    @property
    def count(self) -> str:
        """Tell at which row the cursor is, of how many."""
        total = self.window.total
        return f"{self.cursor + 1:,}/{total:,}" if total else ""

    def scope(self, as_of: int | None) -> Scope:
        """Say which rows are wanted: those that are seen, and a page on either side."""
        first, count = max(0, self.top - self.room), 3 * self.room
        self._asked = (first, first + count)
        return Scope(first, count, self._anchor(), self.newest_first, as_of)

    def _anchor(self) -> Anchor | None:
        top = self.top
        self._is_at_top = self.cursor == 0 and top == 0 and not self.pinned
        if self._is_at_top:
            return None  # whoever stands at the top sees what is new
        seen = range(top, top + self.size.height)
        place = self.cursor if self.cursor in seen else top
        row = self.at(place)
        return None if row is None else Anchor(self.key_of(row), place)

    def show(self, window: Window[Any]) -> None:
        """Show other rows; those that stay keep their place on the screen."""
        before = self.scroll_y
        self.hold(window)
        self._asked = (window.first, window.first + len(window.rows))
        self.cursor = max(0, min(self._place_in(window), window.total - 1))
        self._keep()
        if window.shift:
            self.scroll_to(y=before + window.shift, animate=False, force=True)
        self.refresh()
        self._tell()
        self._want()
        self._post(self.Moved())

    def _place_in(self, window: Window[Any]) -> int:
        """Tell where the row under the cursor is now; where it was, if it is no more."""
        if self._is_at_top:
            return 0
        keys = (self.key_of(row) for row in window.rows)
        found = next((place for place, key in enumerate(keys) if key == self._key), None)
        return self.cursor + window.shift if found is None else window.first + found

    def _keep(self) -> None:
        if self.row is not None:
            self._key = self.key_of(self.row)

    def _tell(self) -> None:
        if self.row is not self._told and self.row != self._told:
            self._told = self.row
            self.post_message(self.Highlighted(self.row))
        elif self.window.total == 0 and self._told is not None:
            self._told = None
            self.post_message(self.Highlighted(None))

    def turn(self) -> None:
        """Turn the order round: the newest first, or the oldest."""
        self.newest_first = not self.newest_first
        self.order = self.order[0], self.newest_first

    def go_to(self, place: int) -> None:
        """Move the cursor, and bring it into sight."""
        self.cursor = max(0, min(place, self.window.total - 1))
        self._is_at_top, self._key = False, None
        self._keep()
        if not self.top <= self.cursor < self.top + self.room:
            top = self.cursor if self.cursor < self.top else self.cursor - self.room + 1
            self.scroll_to(y=top, animate=False, force=True)
        self.refresh()
        if self.row is not None:
            self._tell()
        self._post(self.Moved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for rows that have come into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._want()

    def on_resize(self) -> None:
        """Ask for as many rows as there is room for now."""
        self.virtual_size = Size(self.size.width, self.window.total + 1)
        self._want()

    def _want(self) -> None:
        first, last = self._asked
        if self.top < first or min(self.top + self.room, self.window.total) > last:
            self._post(Wanted())

    def _post(self, message: Message) -> None:
        # Textual does not hand a message up to whoever is at work when it is posted.
        self.call_later(self.post_message, message)

    def action_move(self, by: int) -> None:
        """Go up or down."""
        self.go_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Go a page up or down."""
        self.go_to(self.cursor + by * max(1, self.room - 1))

    def action_first(self) -> None:
        """Go to the top."""
        self.go_to(0)

    def action_last(self) -> None:
        """Go to the end."""
        self.go_to(self.window.total - 1)

    def action_choose(self) -> None:
        """Show the row under the cursor."""
        if self.row is not None:
            self.post_message(self.Chosen(self.row))

    def action_sort(self) -> None:
        """Put the rows in the next order."""
        self.post_message(self.Sorted(None))

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; a second click shows it. A heading sorts."""
        if event.y == 0:
            self.post_message(self.Sorted(self.column_at(event.x)))
            return
        place = self.top + event.y - 1
        if place < self.window.total:
            self.go_to(place)
            if event.chain > 1:
                self.action_choose()
