"""Airplanes: how many seats each has, and how many are taken, waited for and left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.binding import BindingType

from airbook.application.airbook import Airbook
from airbook.application.responses import Airplane
from airbook.application.text.labels import Labels, mark
from airbook.tui.pages.pane import Pane
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.listing import Listing

ORDERS = ("id", "name", "seats", "taken", "pending", "left", "status")


class Airplanes(Pane):
    """Every airplane; there are few enough to hold them all, and to sort them here."""

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
        self.backwards = False
        self._all: Sequence[Airplane] = ()
        self.listing.order = self.order, self.backwards

    def question(self, as_of: int | None) -> Callable[[Airbook], Sequence[Airplane]]:
        """Ask for all of them."""
        return lambda airbook: airbook.queries.airplanes(as_of=as_of)

    def show(self, found: Any) -> None:  # noqa: ANN401 -- a sequence of airplanes
        """Show those the filter lets through, in the order that was chosen."""
        self._all = found
        there = [one for one in self._all if self._is_meant(one)]
        there.sort(key=self._place, reverse=self.backwards)
        self.show_all(there)

    def _is_meant(self, one: Airplane) -> bool:
        said = (str(one.id), (one.name or "").lower(), one.status, self.label(one.status))
        return all(any(word in text for text in said) for word in self.words)

    def _place(self, one: Airplane) -> tuple[Any, int]:
        value = getattr(one, self.order)
        return "" if value is None else value, one.id

    def accept(self, text: str) -> None:
        """Take words that all must be found in an airplane."""
        self.words = text.lower().split()

    @on(Listing.Sorted)
    def sort(self, sorted_by: Listing.Sorted) -> None:
        """Sort by the column that was clicked, or by the next one; again turns it round."""
        column = sorted_by.column
        if column is None:
            turned = ORDERS.index(self.order) + self.backwards
            self.order, self.backwards = ORDERS[turned % len(ORDERS)], not self.backwards
        else:
            self.backwards = self.order == column and not self.backwards
            self.order = column
        self.listing.order = self.order, self.backwards
        self.show(self._all)
