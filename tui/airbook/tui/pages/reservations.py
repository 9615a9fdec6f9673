"""Reservations: everybody's for the operator, one customer's own on their page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from msgspec import structs
from textual import on
from textual.binding import BindingType

from airbook.application.airbook import Airbook
from airbook.application.paging import MOST_CUSTOMERS, ReservationFilter, Window, reservations
from airbook.application.responses import Reservation
from airbook.application.text import parsing, terminal
from airbook.application.text.formatting import CODES
from airbook.application.text.labels import Labels, mark
from airbook.domain.reservation import STATUSES
from airbook.tui.pages.pane import Pane
from airbook.tui.session.keys import key
from airbook.tui.session.reading import Wanted
from airbook.tui.widgets.columns import Column
from airbook.tui.widgets.listing import Listing


class Reservations(Pane):
    """A list that may be of any length: only what is seen is read."""

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
        """customer: whose, by the whole name; None means everybody's."""
        super().__init__(label, id=id)
        self.everything = ReservationFilter(customer=customer, exactly=customer is not None)
        self.wanted = self.everything

    def question(self, as_of: int | None) -> Callable[[Airbook], Window[Reservation]]:
        """Ask for those that are seen."""
        wanted, scope = self.wanted, self.listing.scope(as_of)
        return lambda airbook: reservations(airbook.queries, wanted, scope)

    def show(self, found: Any) -> None:  # noqa: ANN401 -- a window of reservations
        """Show what was found; say where that cannot be all."""
        super().show(found)
        if found.is_cut:
            sentence = mark("More customers begin like that: the first {most} are listed.")
            self.line.complain(self.label(sentence, {"most": MOST_CUSTOMERS}))

    def accept(self, text: str) -> None:
        """Take a status, the number of an airplane, the beginning of a customer's name."""
        wanted = self.everything
        statuses = {said: code for code in STATUSES for said in (code, self.label(CODES[code]))}
        for word in text.split():
            if word.lower() in statuses:
                wanted = structs.replace(wanted, status=statuses[word.lower()])
            elif word.isascii() and word.isdecimal():
                wanted = structs.replace(wanted, airplane=parsing.identity(word))
            elif not wanted.exactly:
                named = f"{wanted.customer} {word}" if wanted.customer else word
                wanted = structs.replace(wanted, customer=parsing.name(named))
            elif not any(said.startswith(word) for said in statuses):
                sentence = mark("{word} is neither a status nor the number of an airplane.")
                raise parsing.Mistyped(sentence, word=terminal.shown(word))
        self.wanted = wanted

    @on(Listing.Sorted)
    def sort(self) -> None:
        """Turn the order round: the newest first, or the oldest."""
        self.listing.turn()
        self.post_message(Wanted())
