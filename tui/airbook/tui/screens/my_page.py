"""My page: a customer's own reservations, and what became of each."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.text.labels import mark
from airbook.application.text.terminal import visible
from airbook.tui.pages.pane import Pane
from airbook.tui.pages.reservations import Reservations
from airbook.tui.screens.live import Live
from airbook.tui.session.look import Look


class Mine(Reservations):
    """One customer's own: it need not be said whose they are."""

    COLUMNS = tuple(one for one in Reservations.COLUMNS if one.name != "customer")
    PLACEHOLDER = mark("status or airplane")


class MyPage(Live):
    """One customer's reservations; to reserve is to choose among airplanes with seats left."""

    def __init__(
        self,
        open_airbook: Callable[[], Airbook],
        look: Look,
        customer: str,
        moment: Moment | None = None,
    ) -> None:
        """customer: whose page it is, by name."""
        super().__init__(open_airbook, look, moment)
        self._customer = customer
        self.mine = Mine(look.label, id="mine", customer=customer)

    def pages(self) -> ComposeResult:
        """Lay the one page out."""
        title = self.label(mark("Reservations of {customer}"), {"customer": self.customer})
        with Horizontal(classes="tabs"):
            yield Static(visible(title), classes="title", markup=False)
            yield self.count
        yield self.mine

    @property
    def page(self) -> Pane:
        """Give the only page."""
        return self.mine

    @property
    def customer(self) -> str:
        """Name whose page it is."""
        return self._customer

    def begin(self) -> None:
        """Begin in the list."""
        super().begin()
        self.mine.listing.focus()

    def action_add(self) -> None:
        """Leave airplanes to the operator."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which keys do something: a customer adds no airplane."""
        return False if action == "add" else super().check_action(action, parameters)

    def action_reserve(self) -> None:
        """Choose an airplane, and reserve a seat of it."""
        self.do(self.commands.choose, self.customer)
