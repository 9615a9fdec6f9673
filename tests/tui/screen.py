"""The screens, played as a person plays them: keys are pressed, and what stands there is read."""

# pyright: reportPrivateUsage=false, reportUnknownVariableType=false, reportUnknownMemberType=false
from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, ParamSpec, TypeVar, cast

from textual.command import CommandPalette
from textual.content import Content
from textual.events import Key
from textual.keys import _character_to_key as character_to_key
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.paging import Window
from airbook.application.stores import SQLiteStore
from airbook.application.text.labels import Labels
from airbook.cli.framework.command_catalog import list_commands
from airbook.tui.pages.pane import Pane
from airbook.tui.screens.app import Screens
from airbook.tui.screens.connected import Heard
from airbook.tui.screens.dashboard import TITLES, Dashboard
from airbook.tui.screens.live import Live
from airbook.tui.screens.my_page import MyPage
from airbook.tui.screens.palette import Everything
from airbook.tui.session.look import Look
from airbook.tui.session.shell import Shell
from airbook.tui.widgets.heading import Vitals
from tests.cli.play import Home

SECONDS = 20.0
POLL_SECONDS = 0.01
ROUNDS, STEPS = 2, 30  # a key goes to the program, the screen, a widget, and back as a message
SMALL, WIDE = (80, 24), (160, 48)
P = ParamSpec("P")
Page = TypeVar("Page", bound=Live)


def played(story: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Play a story to its end, in a loop of its own."""

    @functools.wraps(story)
    def play(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(story(*args, **kwargs))

    return play


async def until(seen: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait until something can be seen."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, seen
        await asyncio.sleep(POLL_SECONDS)


class Player(Generic[Page]):
    """One who sits before a screen. heard: what the store has answered."""

    def __init__(self, screen: Page, app: Screens) -> None:
        self.screen = screen
        self.app = app
        self.heard: list[Heard] = []
        self._forgotten: list[Content] = []
        self.pilot: Pilot[int] = cast("Pilot[int]", None)

    @property
    def page(self) -> Pane:
        """Give the page that is seen."""
        return self.screen.page

    def notice(self, message: Message) -> None:
        """Remember a message that arrived somewhere."""
        if isinstance(message, Heard) and not any(message is one for one in self.heard):
            self.heard.append(message)

    async def press(self, *keys: str) -> None:
        """Press keys, each once the one before has done what it does."""
        for key in keys:
            self._send(key)
            await self.rest()

    async def type(self, text: str) -> None:
        """Type a text, as fast as can be; Enter is not pressed."""
        await self.hurry(*("space" if one == " " else one for one in text))

    async def hurry(self, *keys: str) -> None:
        """Press keys all at once, as a terminal hands on what was pasted or held down."""
        for key in keys:
            self._send(key)
        await self.rest()

    def _send(self, key: str) -> None:
        character = " " if key == "space" else key if len(key) == 1 else None
        self.app.post_message(Key(character_to_key(key) if len(key) == 1 else key, character))

    async def rest(self) -> None:
        """Wait until every widget has done what it was told, and what followed from that.

        Pilot's own pause waits for the processor too: ten times as long, and others use it.
        """
        for _ in range(ROUNDS):
            await self.pilot._wait_for_screen()
            for _ in range(STEPS):
                await asyncio.sleep(0)

    async def until(self, seen: Callable[[], object]) -> None:
        """Wait until something can be seen, or the program has ended by a fault of its own."""
        try:
            await until(lambda: self.app.fault or seen())
        except AssertionError:
            raise AssertionError(self.display, self.said) from None
        if self.app.fault is not None:
            raise self.app.fault

    async def shows(self, *texts: str) -> None:
        """Wait until texts stand on the screen, each anywhere."""
        await self.until(lambda: all(text in self.display for text in texts))

    async def hides(self, text: str) -> None:
        """Wait until a text stands nowhere on the screen."""
        await self.until(lambda: text not in self.display)

    async def is_told(self, text: str) -> None:
        """Wait until something was said, word by word; it is forgotten then."""
        await self.until(lambda: text in self.said)
        self._forgotten += [one for one in self.screen.notices.said if one.plain == text]

    @property
    def said(self) -> list[str]:
        """List what is being told."""
        notices = self.screen.notices.said
        return [one.plain for one in notices if not any(one is told for told in self._forgotten)]

    async def turn(self, number: int) -> Pane:
        """Turn to a page by its number, and wait for what stands there."""
        await self.press(str(number))
        await self.until(lambda: self.page.id == list(TITLES)[number - 1])
        await self.until(lambda: self.page.listing.size.height)
        await self.settle()
        return self.page

    async def settle(self) -> None:
        """Wait until every question asked so far, and every one that follows, is answered."""
        before = -1
        await self.rest()
        while before != len(self.answers):
            before, answered = len(self.answers), list[int]()
            self.screen.hear("settle", lambda _: 1, answered.append)
            await self.until(lambda answered=answered: answered)  # type: ignore[misc]
            await self.rest()

    @property
    def answers(self) -> Sequence[Any]:
        """List what was read but for signs of life."""
        return [one.found for one in self.heard if not isinstance(one.found, Vitals | int)]

    def windows(self) -> Sequence[Window[Any]]:
        """List the windows that were read."""
        return [one.found for one in self.heard if isinstance(one.found, Window)]

    @property
    def lines(self) -> list[str]:
        """Give what stands on the screen, without what opened it."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def display(self) -> str:
        """Give what stands on the screen as one text."""
        return "\n".join(self.lines)

    def text(self, widget: Widget) -> list[str]:
        """Give the lines of a widget as they stand on the screen."""
        region, strips = widget.region, widget.screen._compositor.render_strips()
        rows = strips[region.y : region.bottom]
        return [row.crop(region.x, region.right).text.rstrip() for row in rows]

    def rows(self) -> list[str]:
        """Give the lines of the list one sees, the heading first."""
        listing = self.page.listing
        strips = self.screen._compositor.render_strips()[listing.region.y : listing.region.bottom]
        room = listing.scrollable_content_region  # without the scroll bar
        texts = [strip.crop(room.x, room.right).text.rstrip() for strip in strips]
        return [text for text in texts if text]

    def line(self, widget: Widget) -> str:
        """Give the first line of a widget."""
        return self.text(widget)[0].strip()

    @property
    def complaint(self) -> str:
        """Give what is wrong with what was typed in the dialog on top."""
        return str(self.app.screen.query_one(".complaint", Static).content)

    @property
    def offers(self) -> Mapping[str, str]:
        """Give what the palette lists: each name and what stands below it."""
        assert isinstance(self.app.screen, CommandPalette)
        return {one.name: one.summary for one in Everything(self.screen).entries()}

    @property
    def heading(self) -> str:
        """Give the first line of the screen."""
        return self.line(self.screen.heading)


def shell_of(airbook: Home, label: Labels) -> Shell:
    """Describe the command line as it is run in a home of its own."""
    environment = {**airbook.environment, "AIRBOOK_LANG": label.language}
    program, *words = airbook.command()
    return Shell(lambda: list_commands(label), (str(program), *map(str, words)), environment)


@asynccontextmanager
async def shown(
    screen: Page, airbook: Home, size: tuple[int, int] = SMALL
) -> AsyncGenerator[Player[Page]]:
    """Show a screen as long as the block lasts."""
    app = Screens(screen, screen.look, shell_of(airbook, screen.label))
    player = Player(screen, app)
    async with app.run_test(size=size, message_hook=player.notice) as pilot:
        player.pilot = pilot
        await until(lambda: screen._is_open)
        yield player


@asynccontextmanager
async def dashboard(
    airbook: Home,
    language: str = "en",
    *,
    size: tuple[int, int] = SMALL,
    moment: Moment | None = None,
    open_airbook: Callable[[], Airbook] | None = None,
    **look: Any,  # noqa: ANN401 -- as Look has it
) -> AsyncGenerator[Player[Dashboard]]:
    """Show the dashboard of a home's store, all five pages."""
    opens = open_airbook or (lambda: Airbook(SQLiteStore(airbook.store)))
    screen = Dashboard(opens, Look(Labels(language), **look), moment)
    async with shown(screen, airbook, size) as player:
        await until(lambda: len(screen.switcher.children) == 5)
        yield player


@asynccontextmanager
async def my_page(
    airbook: Home,
    customer: str,
    language: str = "en",
    *,
    size: tuple[int, int] = SMALL,
    moment: Moment | None = None,
    **look: Any,  # noqa: ANN401 -- as Look has it
) -> AsyncGenerator[Player[MyPage]]:
    """Show a customer's page."""
    screen = MyPage(
        lambda: Airbook(SQLiteStore(airbook.store)),
        Look(Labels(language), **look),
        customer,
        moment,
    )
    async with shown(screen, airbook, size) as player:
        yield player
