"""The page of airplanes: their seats, and how many are taken, pending and left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType

from airbook.application.airbook import Airbook
from airbook.application.filtering import NO_AIRPLANE
from airbook.application.paging import Complaint
from airbook.application.responses import Airplane
from airbook.application.row_filter import AIRPLANE_CODES, AIRPLANE_FIELDS
from airbook.application.text.labels import mark
from airbook.application.text.terminal import shown
from airbook.tui.pages.short_list import ShortList
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import Column


class Airplanes(ShortList):
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
    PLACEHOLDER = mark("907   status:open   seats:5")
    NEWEST_FIRST = False
    FIELDS = AIRPLANE_FIELDS
    CODES_OF = AIRPLANE_CODES

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Sequence[Airplane]]:
        """Return a query for all airplanes."""
        return lambda airbook: airbook.queries.airplanes(as_of=as_of)

    def show(self, result: Any) -> None:  # noqa: ANN401 -- a sequence of airplanes
        """Show the airplanes that match the filter, in the chosen order."""
        self.show_rows(result)

    def nothing_found(self, text: str) -> Complaint:
        """Return why a valid filter matches nothing."""
        names = [term for term in self.row_filter.terms if term.field == "name"]
        if len(self.row_filter.terms) == len(names) == 1:
            return Complaint(NO_AIRPLANE, {"word": shown(names[0].text)})
        return super().nothing_found(text)
