"""The page of reservations: those of all customers, or of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from msgspec import structs
from textual.binding import BindingType

from airbook.application.airbook import Airbook
from airbook.application.paging import MOST_CUSTOMERS, ReservationFilter, Window, reservations
from airbook.application.responses import Reservation
from airbook.application.text import parsing, terminal
from airbook.application.text.formatting import CODES
from airbook.application.text.labels import Labels, mark
from airbook.domain.reservation import STATUSES
from airbook.tui.pages.page import Page
from airbook.tui.session.keys import key
from airbook.tui.widgets.columns import Column


class Reservations(Page):
    """A list of reservations of any length, read by windows."""

    BINDINGS: ClassVar[list[BindingType]] = [key("cancel", "screen.cancel")]
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("id"),
        Column("airplane"),
        Column("customer", grows=True),
        Column("status"),
        Column("seat"),
        Column("reason"),
        Column("received_at", from_width=92),
        Column("decided_at", from_width=112),
    )
    EMPTY = mark("There are no reservations here: make one.")
    PLACEHOLDER = mark("status, airplane or customer")

    def __init__(
        self,
        label: Labels,
        *,
        id: str,  # noqa: A002 -- Textual's word
        customer: str | None = None,
    ) -> None:
        """customer: the whole name of a customer; None lists the reservations of all customers."""
        super().__init__(label, id=id)
        self.all = ReservationFilter(customer=customer, exactly=customer is not None)
        self.row_filter = self.all

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Window[Reservation]]:
        """Return a query for the visible reservations."""
        row_filter, request = self.row_filter, self.row_list.request(as_of)
        return lambda airbook: reservations(airbook.queries, row_filter, request)

    def show(self, result: Any) -> None:  # noqa: ANN401 -- a window of reservations
        """Show the reservations; report if the filter matches more customers than are listed."""
        super().show(result)
        if result.is_cut:
            sentence = mark("More customers begin like that: the first {most} are listed.")
            self.filter_line.complain(self.label(sentence, {"most": MOST_CUSTOMERS}))

    def set_filter(self, text: str) -> None:
        """Set the filter: a status, an airplane's number, the beginning of a customer's name."""
        row_filter = self.all
        statuses = {term: code for code in STATUSES for term in (code, self.label(CODES[code]))}
        for word in text.split():
            if word.lower() in statuses:
                row_filter = structs.replace(row_filter, status=statuses[word.lower()])
            elif word.isascii() and word.isdecimal():
                row_filter = structs.replace(row_filter, airplane=parsing.identity(word))
            elif not row_filter.exactly:
                named = f"{row_filter.customer} {word}" if row_filter.customer else word
                row_filter = structs.replace(row_filter, customer=parsing.name(named))
            elif not any(term.startswith(word) for term in statuses):
                sentence = mark("{word} is neither a status nor the number of an airplane.")
                raise parsing.Mistyped(sentence, word=terminal.shown(word))
        self.row_filter = row_filter
