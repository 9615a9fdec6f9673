"""A table: a heading, rows in columns, and a cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from airbook.application.paging import Window
from airbook.application.text.formatting import format_fields
from airbook.application.text.labels import Labels
from airbook.eventlog.selection import SortOrder
from airbook.tui.widgets.columns import GAP, Column, Part, fit, measured

EMPTY: Window[Any] = Window(0, 0, ())
TONES = ("good", "bad", "pending", "quiet", "plain")


class Table(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the rows of a window, one line each."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--heading",
        "row-list--cursor",
        *(f"row-list--{tone}" for tone in TONES),
    }

    def __init__(self, columns: Sequence[Column], label: Labels, empty: str, *, id: str) -> None:  # noqa: A002 -- Textual's word
        """empty: the text of an empty table, in English."""
        super().__init__(id=id)
        self.columns = columns
        self.label = label
        self.empty = empty
        self.window = EMPTY
        self.cursor = 0
        self.order = SortOrder("", descending=False)
        self._words: Sequence[Mapping[str, str]] = ()
        self._widths: dict[str, int] = {}
        self._is_read = False
        self._plain = Style()

    @property
    def top(self) -> int:
        """Return the place of the first visible row."""
        return round(self.scroll_y)

    @property
    def room(self) -> int:
        """Return how many rows fit below the heading; before the layout, on the whole screen."""
        return max(1, (self.size.height or self.screen.size.height) - 1)

    def row_at(self, place: int) -> Any:  # noqa: ANN401 -- a response, or None
        """Return the row at a place; None if the window does not hold it."""
        index = place - self.window.first
        return self.window.rows[index] if 0 <= index < len(self.window.rows) else None

    def set_window(self, window: Window[Any]) -> None:
        """Draw another window of rows from now on."""
        self.window, self._is_read = window, True
        self._words = [format_fields(row, self.label) for row in window.rows]
        self._widths = measured(self.columns, self._words, self._heading, self._widths)
        self.virtual_size = Size(self.size.width, window.total + 1)

    def shown_columns(self) -> Sequence[str]:
        """Return the names of the visible columns by which the list can be sorted."""
        shown = fit(self.columns, self._widths, self.size.width)
        return [column.name for column, _ in shown if column.sorts]

    def column_at(self, x: int) -> str | None:
        """Return the name of the column at a cell of a line; None if no order follows from it."""
        for column, width in fit(self.columns, self._widths, self.size.width):
            if x <= width:
                return column.name if column.sorts else None
            x -= width + GAP
        return None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines. Their common style follows from all widgets around, so it is kept."""
        self._plain = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw the heading or one row."""
        if y == 0:
            return self._draw(lambda column, _: ((self._heading(column), "heading"),), "heading")
        place = self.top + y - 1
        row = self.row_at(place)
        if row is None:
            empty = self.label(self.empty) if y == 1 and self._is_read and not place else ""
            style = self.get_component_rich_style("row-list--quiet")
            return Strip([Segment(f" {empty}", style)]).adjust_cell_length(
                self.size.width, self._plain
            )
        words = self._words[place - self.window.first]
        kind = "cursor" if place == self.cursor else ""
        return self._draw(lambda column, width: column.parts(row, words, width), kind)

    def _heading(self, column: Column) -> str:
        by, descending = self.order
        mark = f" {'v' if descending else '^'}" if column.name == by else ""
        return column.heading(self.label) + mark

    def _draw(self, parts_of: Callable[[Column, int], Sequence[Part]], kind: str) -> Strip:
        base = self.get_component_rich_style(f"row-list--{kind}") if kind else self._plain
        segments = [Segment(" ", base)]
        for column, width in fit(self.columns, self._widths, self.size.width - 1):
            for text, tone in column.padded(parts_of(column, width), width):
                style = base
                if tone in TONES and tone != "plain":
                    own = self.get_component_rich_style(f"row-list--{tone}", partial=True)
                    style = base + own
                segments.append(Segment(text, style))
            segments.append(Segment(" " * GAP, base))
        return Strip(segments).adjust_cell_length(self.size.width, base)
