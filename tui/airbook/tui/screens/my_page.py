"""My page: one customer's reservations and their results."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.reservation_filter import OWN_FIELDS
from airbook.application.text.labels import mark
from airbook.application.text.terminal import visible
from airbook.tui.pages.page import Page
from airbook.tui.pages.reservations import Reservations
from airbook.tui.screens.live import Live
from airbook.tui.session.look import Look
from airbook.tui.session.reasons import Reason


class OwnReservations(Reservations):
    """The reservations of one customer, without the column of customers."""

    COLUMNS = tuple(one for one in Reservations.COLUMNS if one.name != "customer")
    FIELDS = OWN_FIELDS
    PLACEHOLDER = mark("status:rejected   plane:9   after:-1h")


class MyPage(Live):
    """One customer's reservations; `reserve` offers the airplanes with seats left."""

    def __init__(
        self,
        open_airbook: Callable[[], Airbook],
        look: Look,
        customer: str,
        moment: Moment | None = None,
    ) -> None:
        """customer: the name of the customer."""
        super().__init__(open_airbook, look, moment)
        self._customer = customer
        self.reservations = OwnReservations(look.label, id="mine", customer=customer)

    def pages(self) -> ComposeResult:
        """Compose the title and the only page."""
        title = self.label(mark("Reservations of {customer}"), {"customer": self.customer})
        with Horizontal(classes="tabs"):
            yield Static(visible(title), classes="title", markup=False)
            yield self.count
        yield self.reservations

    @property
    def page(self) -> Page:
        """Return the only page."""
        return self.reservations

    @property
    def customer(self) -> str:
        """Return the name of the customer."""
        return self._customer

    def begin(self) -> None:
        """Begin with the focus in the list."""
        super().begin()
        self.reservations.row_list.focus()

    def reason_against(self, action: str, parameters: tuple[object, ...]) -> Reason | None:
        """Return why an action is impossible now: only operators add airplanes."""
        reason = super().reason_against(action, parameters)
        if action == "add" and reason is None:
            return Reason(mark("Airplanes are added in the dashboard: airbook tui"))
        return reason

    def action_reserve(self) -> None:
        """Choose an airplane, and request a seat of it."""
        self.start_command(self.commands.choose, self.customer)
