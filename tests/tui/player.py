"""A user of a screen: presses keys, waits, and reads the displayed text."""

# pyright: reportPrivateUsage=false, reportUnknownVariableType=false, reportUnknownMemberType=false
from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from textual.command import CommandPalette
from textual.content import Content
from textual.events import Key
from textual.keys import _character_to_key as character_to_key
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from airbook.application.paging import Window
from airbook.tui.pages.page import Page
from airbook.tui.screens.app import Screens
from airbook.tui.screens.connected import QueryAnswered
from airbook.tui.screens.dashboard import TITLES
from airbook.tui.screens.live import Live
from airbook.tui.screens.palette import PaletteProvider
from airbook.tui.session.following import LogAdvanced
from airbook.tui.widgets.heading import Vitals
from tests.support.waiting import eventually

ROUNDS, STEPS = 2, 30  # a key goes to the program, the screen, a widget, and back as a message
ScreenT = TypeVar("ScreenT", bound=Live)


class Player(Generic[ScreenT]):
    """A user of a screen.

    answered: the answers of all queries so far. reported: the last head of the log that the watcher
    has reported; None before its first report.
    """

    def __init__(self, screen: ScreenT, app: Screens) -> None:
        self.screen = screen
        self.app = app
        self.answered: list[QueryAnswered] = []
        self.reported: int | None = None
        self._checked: list[Content] = []
        self.pilot: Pilot[int] = cast("Pilot[int]", None)

    @property
    def page(self) -> Page:
        """Return the visible page."""
        return self.screen.page

    def note(self, message: Message) -> None:
        """Remember an answer or a report; a message passes through several widgets."""
        if isinstance(message, LogAdvanced):
            self.reported = message.position
        if isinstance(message, QueryAnswered) and not any(message is one for one in self.answered):
            self.answered.append(message)

    async def press(self, *keys: str) -> None:
        """Press keys, each after the effects of the key before."""
        for key in keys:
            self._send(key)
            await self.rest()

    async def type(self, text: str) -> None:
        """Type a text at once, without Enter."""
        await self.hurry(*("space" if one == " " else one for one in text))

    async def hurry(self, *keys: str) -> None:
        """Press keys at once, as a terminal sends pasted text or a key that is held down."""
        for key in keys:
            self._send(key)
        await self.rest()

    def _send(self, key: str) -> None:
        character = " " if key == "space" else key if len(key) == 1 else None
        self.app.post_message(Key(character_to_key(key) if len(key) == 1 else key, character))

    async def rest(self) -> None:
        """Wait until every widget has handled its messages and those that follow, and is drawn.

        Pilot's own pause also waits until the processor is idle: that takes ten times as long, and
        longer if other programs are running. It sends a message to every widget to learn when they
        have handled theirs; four of five messages were such ones.
        """
        for _ in range(ROUNDS):
            await eventually(self._is_idle, poll_seconds=0)
            for _ in range(STEPS):
                await asyncio.sleep(0)
            if self.app.is_running:
                self.app.screen._on_timer_update()  # a timer would do it up to 1/60 s later

    def _is_idle(self) -> bool:
        """Return whether every widget waits for its next message, or the program has failed."""
        if self.app.fault is not None or not self.app.is_running:
            return True
        pumps = (self.app, *self.app.screen.walk_children(with_self=True))
        ready: list[Any] = [one._message_queue.ready_event for one in pumps if not one._closing]
        return all(one._waiters and not one.is_set() for one in ready)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds. Raises the error that ended the program, if one did."""
        try:
            await eventually(lambda: self.app.fault or condition())
        except AssertionError:
            raise AssertionError(self.display, self.notices) from None
        if self.app.fault is not None:
            raise self.app.fault

    async def shows(self, *texts: str) -> None:
        """Wait until each text is displayed somewhere."""
        await self.until(lambda: all(text in self.display for text in texts))

    async def hides(self, text: str) -> None:
        """Wait until a text is displayed nowhere."""
        await self.until(lambda: text not in self.display)

    async def gets_notice(self, text: str) -> None:
        """Wait for a notice with exactly this text; `notices` does not list it again."""
        await self.until(lambda: text in self.notices)
        self._checked += [one for one in self.screen.notices.notices if one.plain == text]

    @property
    def notices(self) -> list[str]:
        """List the visible notices that no test has waited for."""
        visible = self.screen.notices.notices
        return [one.plain for one in visible if not any(one is old for old in self._checked)]

    async def turn(self, number: int) -> Page:
        """Turn to a page by its number, and wait until its data is displayed."""
        await self.press(str(number))
        await self.until(lambda: self.page.id == list(TITLES)[number - 1])
        await self.until(lambda: self.page.row_list.size.height)
        await self.settle()
        return self.page

    async def learns(self, head: int) -> None:
        """Wait until the screen has reacted to a new head of the log, which polls do not report."""
        await self.until(lambda: self.reported == head)
        await self.settle()

    async def settle(self) -> None:
        """Wait until all submitted queries, and the queries that follow from them, are answered."""
        before = -1
        await self.rest()
        while before != len(self.answers):
            before, answered = len(self.answers), list[int]()
            self.screen.submit("settle", lambda _: 1, answered.append)
            await self.until(lambda answered=answered: answered)  # type: ignore[misc]
            await self.rest()

    @property
    def answers(self) -> Sequence[Any]:
        """List the results of all queries but polls."""
        return [one.result for one in self.answered if not isinstance(one.result, Vitals | int)]

    def windows(self) -> Sequence[Window[Any]]:
        """List the windows that were read."""
        return [one.result for one in self.answered if isinstance(one.result, Window)]

    @property
    def lines(self) -> list[str]:
        """Return the displayed lines, including those of a dialog."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def display(self) -> str:
        """Return the displayed text."""
        return "\n".join(self.lines)

    def text(self, widget: Widget) -> list[str]:
        """Return the displayed lines of a widget."""
        region, strips = widget.region, widget.screen._compositor.render_strips()
        rows = strips[region.y : region.bottom]
        return [row.crop(region.x, region.right).text.rstrip() for row in rows]

    def rows(self) -> list[str]:
        """Return the displayed lines of the list, the heading first."""
        row_list = self.page.row_list
        strips = self.screen._compositor.render_strips()[row_list.region.y : row_list.region.bottom]
        room = row_list.scrollable_content_region  # without the scroll bar
        texts = [strip.crop(room.x, room.right).text.rstrip() for strip in strips]
        return [text for text in texts if text]

    def line(self, widget: Widget) -> str:
        """Return the first displayed line of a widget."""
        return self.text(widget)[0].strip()

    @property
    def complaint(self) -> str:
        """Return the complaint of the dialog on top."""
        return str(self.app.screen.query_one(".complaint", Static).content)

    @property
    def offers(self) -> Mapping[str, str]:
        """Return the entries of the palette: the summaries by name."""
        assert isinstance(self.app.screen, CommandPalette)
        return {one.name: one.summary for one in PaletteProvider(self.screen).entries()}

    @property
    def heading(self) -> str:
        """Return the heading of the screen."""
        return self.line(self.screen.heading)
