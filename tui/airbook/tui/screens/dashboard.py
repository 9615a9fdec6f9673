"""The operator's dashboard with five pages; one of them is visible."""

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
from airbook.tui.pages.page import Page
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
    """The title of a page; a click shows the page."""

    class Clicked(Message):
        """A tab was clicked. page: the id of its page."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    def __init__(self, page: str, title: str) -> None:
        super().__init__(title, id=f"tab-{page}", classes="tab", markup=False)
        self.page = page

    def on_click(self, event: events.Click) -> None:
        """Request the page of this tab."""
        event.stop()
        self.post_message(self.Clicked(self.page))


class Dashboard(Live):
    """The five pages, with a tab for each."""

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
        self._wanted_page = "overview"

    def pages(self) -> ComposeResult:
        """Compose the tabs and the overview; the other pages are added later."""
        with Horizontal(classes="tabs"):
            for number, (page, title) in enumerate(TITLES.items(), 1):
                yield Tab(page, f"{number} {self.label(title)}")
            yield self.count
        with self.switcher:
            yield Overview(self.label, id="overview", ascii=self.look.ascii)

    @property
    def page(self) -> Page:
        """Return the visible page."""
        return cast("Page", self.switcher.visible_content)

    def on_tab_clicked(self, clicked: Tab.Clicked) -> None:
        """Show the page of the clicked tab."""
        self.turn_to(clicked.page)

    def turn_to(self, page: str) -> None:
        """Show a page by its id; if it has not been added yet, show it as soon as it has."""
        self._wanted_page = page
        if not self.switcher.query(f"#{page}"):
            return
        self.switcher.current = page
        for tab in self.query(Tab):
            tab.set_class(tab.page == page, "-seen")
        if not self.slider.has_focus:  # the slider keeps the focus on every page
            self.page.row_list.focus()
        self.refresh_page()

    def begin(self) -> None:
        """Begin with the overview, or with the page that was requested meanwhile."""
        super().begin()
        self.turn_to(self._wanted_page)

    async def on_store_opened(self) -> None:
        """Add the other pages."""
        from airbook.tui.pages.events import Events
        from airbook.tui.pages.reservations import Reservations
        from airbook.tui.pages.system import System

        await super().on_store_opened()
        for page in (
            Airplanes(self.label, id="airplanes"),
            Reservations(self.label, id="reservations"),
            Events(self.label, id="events"),
            System(self.label, id="system"),
        ):
            if not self.switcher.is_attached:
                return  # the screen has ended
            await self.switcher.add_content(page)
        if self.switcher.current != self._wanted_page:
            self.turn_to(self._wanted_page)

    def action_turn(self, number: int) -> None:
        """Show a page by its number."""
        self.turn_to(list(TITLES)[number - 1])

    def action_next(self, by: int) -> None:
        """Show the next or the previous page. by: 1 or -1."""
        names = list(TITLES)
        place = names.index(self.switcher.current or "overview") + by
        self.turn_to(names[place % len(names)])
