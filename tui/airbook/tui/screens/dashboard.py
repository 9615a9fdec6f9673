"""The operator's dashboard with five pages; one of them is visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        self._pages: dict[str, Page] = {}

    def pages(self) -> ComposeResult:
        """Compose the tabs and the overview; `turn_to` mounts the other pages."""
        with Horizontal(classes="tabs"):
            for number, (page, title) in enumerate(TITLES.items(), 1):
                yield Tab(page, f"{number} {self.label(title)}")
            yield self.count
        with self.switcher:
            self._pages["overview"] = Overview(self.label, id="overview", ascii=self.look.ascii)
            yield self._pages["overview"]

    @property
    def page(self) -> Page:
        """Return the visible page."""
        return cast("Page", self.switcher.visible_content)

    async def on_tab_clicked(self, clicked: Tab.Clicked) -> None:
        """Show the page of the clicked tab."""
        await self.turn_to(clicked.page)

    async def turn_to(self, page: str) -> None:
        """Show a page by its id; a page is mounted when it is shown for the first time."""
        if not self.switcher.is_attached:
            return  # the screen has ended
        if page not in self._pages:
            self._pages[page] = self._new_page(page)
            self._pages[page].display = False
            await self.switcher.mount(self._pages[page])
        if not self._pages[page].row_list.is_attached:
            return  # the screen has ended meanwhile, or an earlier call is still mounting the page
        self.switcher.current = page
        self._mark_page()
        self.refresh_page()

    def _mark_page(self) -> None:
        for tab in self.query(Tab):
            tab.set_class(tab.page == self.switcher.current, "-seen")
        if not self.slider.has_focus:  # the slider keeps the focus on every page
            self.page.row_list.focus()

    def _new_page(self, page: str) -> Page:
        from airbook.tui.pages.events import Events
        from airbook.tui.pages.reservations import Reservations
        from airbook.tui.pages.system import System

        pages: Mapping[str, type[Page]] = {
            "airplanes": Airplanes,
            "reservations": Reservations,
            "events": Events,
            "system": System,
        }
        return pages[page](self.label, id=page)

    def begin(self) -> None:
        """Begin with the overview, or with the page that was requested meanwhile."""
        super().begin()
        self._mark_page()

    async def action_turn(self, number: int) -> None:
        """Show a page by its number."""
        await self.turn_to(list(TITLES)[number - 1])

    async def action_next(self, by: int) -> None:
        """Show the next or the previous page. by: 1 or -1."""
        names = list(TITLES)
        place = names.index(self.switcher.current or "overview") + by
        await self.turn_to(names[place % len(names)])
