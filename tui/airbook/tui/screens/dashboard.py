"""The operator's dashboard: five pages, one of them seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import ContentSwitcher, Static

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.text.labels import mark
from airbook.tui.pages.airplanes import Airplanes
from airbook.tui.pages.overview import Overview
from airbook.tui.pages.pane import Pane
from airbook.tui.screens.live import Live
from airbook.tui.session.keys import key
from airbook.tui.session.look import Look

TITLES = {
    "overview": mark("Overview"),
    "airplanes": mark("Airplanes"),
    "reservations": mark("Reservations"),
    "events": mark("Events"),
    "system": mark("System"),
}


class Tab(Static):
    """The name of a page; a click turns to it."""

    class Clicked(Message):
        """A page is wanted."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    def __init__(self, page: str, title: str) -> None:
        super().__init__(title, id=f"tab-{page}", classes="tab", markup=False)
        self.page = page

    def on_click(self, event: events.Click) -> None:
        """Turn to the page."""
        event.stop()
        self.post_message(self.Clicked(self.page))


class Dashboard(Live):
    """Everything there is to see, and to do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(key(f"page_{number}", f"turn({number})") for number in range(1, 6)),
        key("next_page", "next(1)"),
        key("previous_page", "next(-1)"),
    ]

    def __init__(
        self, open_airbook: Callable[[], Airbook], look: Look, moment: Moment | None = None
    ) -> None:
        super().__init__(open_airbook, look, moment)
        self.switcher = ContentSwitcher(initial="overview")
        self._wanted = "overview"

    def pages(self) -> ComposeResult:
        """Lay the pages out, behind one another."""
        with Horizontal(classes="tabs"):
            for number, (page, title) in enumerate(TITLES.items(), 1):
                yield Tab(page, f"{number} {self.label(title)}")
            yield self.count
        with self.switcher:
            yield Overview(self.label, id="overview", ascii=self.look.ascii)

    @property
    def page(self) -> Pane:
        """Give the page that is seen."""
        return cast("Pane", self.switcher.visible_content)

    def on_tab_clicked(self, clicked: Tab.Clicked) -> None:
        """Turn to a page."""
        self.turn_to(clicked.page)

    def turn_to(self, page: str) -> None:
        """Turn to a page by its name; to one that is not there yet, as soon as it is."""
        self._wanted = page
        if not self.switcher.query(f"#{page}"):
            return
        self.switcher.current = page
        for tab in self.query(Tab):
            tab.set_class(tab.page == page, "-seen")
        if not self.slider.has_focus:  # who goes through the log goes on, on any page
            self.page.listing.focus()
        self.refresh_page()

    def begin(self) -> None:
        """Begin with the overview, unless somebody has turned on already."""
        super().begin()
        self.turn_to(self._wanted)

    async def opened(self) -> None:
        """Add the other pages."""
        from airbook.tui.pages.events import Events
        from airbook.tui.pages.reservations import Reservations
        from airbook.tui.pages.system import System

        await super().opened()
        for page in (
            Airplanes(self.label, id="airplanes"),
            Reservations(self.label, id="reservations"),
            Events(self.label, id="events"),
            System(self.label, id="system"),
        ):
            if not self.switcher.is_attached:
                return  # somebody has left already
            await self.switcher.add_content(page)
        if self.switcher.current != self._wanted:
            self.turn_to(self._wanted)

    def action_turn(self, number: int) -> None:
        """Turn to a page by its number."""
        self.turn_to(list(TITLES)[number - 1])

    def action_next(self, by: int) -> None:
        """Turn to the next page, or to the one before."""
        names = list(TITLES)
        place = names.index(self.switcher.current or "overview") + by
        self.turn_to(names[place % len(names)])
