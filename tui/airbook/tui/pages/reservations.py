"""The page of reservations: those of all customers, or of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from airbook.application.airbook import Airbook
from airbook.application.paging import Window, reservations
from airbook.application.reservation_filter import FIELDS, ReservationFilter, reservation_filter
from airbook.application.responses import Reservation
from airbook.application.text.labels import Labels, mark
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
    PLACEHOLDER = mark("kim   status:rejected   plane:9   after:-1h")

    FIELDS = FIELDS

    def __init__(
        self,
        label: Labels,
        *,
        id: str,  # noqa: A002 -- Textual's word
        customer: str | None = None,
    ) -> None:
        """customer: the whole name of a customer; None lists the reservations of all customers."""
        super().__init__(label, id=id)
        self.all = ReservationFilter(customer=customer)
        self.row_filter = self.all

    def page_query(self, as_of: int | None) -> Callable[[Airbook], Window[Reservation]]:
        """Return a query for the visible reservations."""
        row_filter, request = self.row_filter, self.row_list.request(as_of)
        return lambda airbook: reservations(airbook.queries, row_filter, request)

    def set_filter(self, text: str) -> None:
        """Set the filter of the list. Raises Mistyped."""
        self.row_filter = reservation_filter(text, self.label, customer=self.all.customer)
