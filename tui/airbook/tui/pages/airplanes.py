"""The page of airplanes: their seats, and how many are taken, pending and left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane
from airbook.application.text.labels import Labels, mark
from airbook.tui.pages.page import Page
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import Column

ORDERS = ("id", "name", "seats", "taken", "pending", "left", "status")


class Airplanes(Page):
    """All airplanes; they are few, so the page filters and sorts them itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("seats", "screen.set_seats"),
        key("close", "screen.close_or_open"),
    ]
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("id"),
        Column("name", grows=True, most=60),
        Column("seats"),
        Column("taken"),
        Column("pending"),
        Column("left"),
        Column("status"),
    )
    EMPTY = mark("There are no airplanes yet: add one.")
    PLACEHOLDER = mark("number, name or status")

    def __init__(self, label: Labels, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(label, id=id)
        self.words: Sequence[str] = ()
        self.order = ORDERS[0]
        self.descending = False
        self._all: Sequence[Airplane] = ()
        self.row_list.order = self.order, self.descending

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Sequence[Airplane]]:
        """Return a query for all airplanes."""
        return lambda airbook: airbook.queries.airplanes(as_of=as_of)

    def show(self, result: Any) -> None:  # noqa: ANN401 -- a sequence of airplanes
        """Show the airplanes that match the filter, in the chosen order."""
        self._all = result
        matching = [one for one in self._all if self._matches(one)]
        matching.sort(key=self._sort_key, reverse=self.descending)
        self.show_all(matching)

    def _matches(self, one: Airplane) -> bool:
        texts = (str(one.id), (one.name or "").lower(), one.status, self.label(one.status))
        return all(any(word in text for text in texts) for word in self.words)

    def _sort_key(self, one: Airplane) -> tuple[Any, int]:
        value = getattr(one, self.order)
        return "" if value is None else value, one.id

    def set_filter(self, text: str) -> None:
        """Set the words that an airplane must contain, each in any of its texts."""
        self.words = text.lower().split()

    def sort(self, column: str | None) -> None:
        """Sort by the clicked column or by the next one; the same column reverses the order."""
        if column is None:
            turned = ORDERS.index(self.order) + self.descending
            self.order, self.descending = ORDERS[turned % len(ORDERS)], not self.descending
        else:
            self.descending = self.order == column and not self.descending
            self.order = column
        self.row_list.order = self.order, self.descending
        self.show(self._all)
