"""What every screen does: show the store as it is or was, and keep up with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.worker import Worker

from airbook.runtime import words
from airbook.runtime.book import Airbook
from airbook.runtime.labels import mark
from airbook.runtime.moment import Moment, position_at, time_of
from airbook.runtime.shapes import Airplane, Parked, Reservation
from airbook.runtime.wording import encode
from airbook.tui.commands import Commands
from airbook.tui.connected import Connected
from airbook.tui.field import Field
from airbook.tui.footer import KeyLine
from airbook.tui.keys import key
from airbook.tui.listing import EMPTY
from airbook.tui.look import Look
from airbook.tui.pane import Pane
from airbook.tui.reading import TROUBLE, Wanted
from airbook.tui.slider import Slider

WRITING = {"add", "reserve", "set_seats", "close_or_open", "cancel", "retry", "drop", "undo"}


class Live(Connected):
    """A heading, pages, the slider and the keys; one page is seen, and read whenever it must be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("add", "add"),
        key("reserve", "reserve"),
        key("live", "live"),
        key("time", "time"),
        key("undo", "undo"),
        key("pause", "pause"),
        key("refresh", "refresh_page"),
        key("copy", "copy"),
        key("copy_json", "copy_json"),
        key("next_pane", "app.focus_next"),
        key("previous_pane", "app.focus_previous"),
    ]

    as_of: reactive[int | None] = reactive(None, init=False)
    paused: reactive[bool] = reactive(default=False, init=False)

    def __init__(self, open_book: Callable[[], Airbook], look: Look, moment: Moment | None) -> None:
        """moment: where to look back to at once; None shows what is now."""
        super().__init__(open_book, look)
        self.moment = moment
        self.commands = Commands(self, look.label)
        self._giving: Worker[None] | None = None
        self.slider = Slider(look.label, ascii=look.ascii)

    @property
    def page(self) -> Pane:
        """Give the page that is seen."""
        raise NotImplementedError

    @property
    def customer(self) -> str:
        """Name who reserves unless another is named; nothing where nobody in particular does."""
        return ""

    def pages(self) -> ComposeResult:
        """Lay the pages out."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield self.heading
        yield from self.pages()
        yield self.slider
        yield KeyLine(self.label)

    def begin(self) -> None:
        """Open the store, and look back if that was asked for."""
        super().begin()
        self.refresh_page()
        if self.moment is not None:
            self.run_worker(self._go_to(self.moment))

    def unmade(self) -> None:
        """Say how to begin."""
        self.page.listing.show(EMPTY)

    def grown(self) -> None:
        """Read the page again, unless it shows the past or stands still."""
        self.slider.head = self.position
        if self.as_of is None and not self.paused:
            self.refresh_page()

    @on(Wanted)
    def refresh_page(self) -> None:
        """Read the page that is seen, and what is told about its row."""
        page = self.page
        self.hear("page", page.question(self.as_of), page.show)
        if page.detail.display and (question := page.detail.question(self.as_of)):
            self.hear("detail", question, page.detail.show)

    def action_refresh_page(self) -> None:
        """Read everything again."""
        self.feel()
        self.refresh_page()

    def watch_as_of(self, as_of: int | None) -> None:
        """Show another moment everywhere."""
        self.heading.as_of = as_of
        self.slider.display = as_of is not None
        self.slider.place = self.slider.head if as_of is None else as_of
        self.set_class(as_of is not None, "-past")
        self.refresh_bindings()
        self.refresh_page()
        if as_of is not None:
            self.hear("moment", lambda book: time_of(book, as_of), self._dated)

    def _dated(self, at: str | None) -> None:
        self.heading.at = self.slider.at = at

    def watch_paused(self, paused: bool) -> None:  # noqa: FBT001 -- Textual calls it
        """Stand still, or catch up."""
        self.heading.paused = paused
        self.grown()

    @on(Slider.Moved)
    def look_back(self, moved: Slider.Moved) -> None:
        """Show the position the slider was moved to."""
        self.as_of = moved.position

    def action_time(self) -> None:
        """Take the slider in hand."""
        if self.as_of is None:
            self.as_of = self.slider.head
        self.slider.focus()

    def action_live(self) -> None:
        """Come back to what is now."""
        self.slider.playing = False
        self.as_of = None
        self.page.listing.focus()

    def action_pause(self) -> None:
        """Stand still, or go on."""
        self.paused = not self.paused

    def action_moment(self) -> None:
        """Ask for a moment to look back to."""
        self.run_worker(self._ask_moment())

    async def _ask_moment(self) -> None:
        from airbook.tui.dialogs import Form

        hint = self.label(mark("A position, a time or how long ago: 42, 2026-11-22T09:00, -5m"))
        fields = (Field("moment", mark("Moment"), words.moment),)
        title = mark("Go to a moment")
        if found := await self.dialog(Form(self.label, title, fields, hint)):
            await self._go_to(found["moment"])

    async def _go_to(self, moment: Moment) -> None:
        try:
            self.as_of = await self.ask(lambda book: position_at(book, moment))
        except TROUBLE as error:
            self.say(self.told(error), severity="error")
        else:
            self.slider.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual calls it
        """Tell which keys do something: nothing is changed in the past, or when only looking."""
        if action in WRITING and (self.look.read_only or self.as_of is not None):
            return None
        return self.as_of is not None if action == "live" else True

    def do(self, command: Coroutine[Any, Any, None]) -> None:
        """Give a command, unless one is being given: a key pressed twice means it once."""
        if self._giving is not None and not self._giving.is_finished:
            command.close()
            return
        self._giving = self.run_worker(command, group="command")

    def action_add(self) -> None:
        """Add an airplane."""
        self.do(self.commands.add())

    def action_reserve(self) -> None:
        """Reserve a seat."""
        plane = getattr(self.page.row, "airplane", None) or getattr(self.page.row, "id", None)
        self.do(self.commands.reserve(plane, self.customer))

    def action_set_seats(self) -> None:
        """Change the seats of the airplane one is at."""
        if isinstance(row := self.page.row, Airplane):
            self.do(self.commands.set_seats(row))

    def action_close_or_open(self) -> None:
        """Close or open the airplane one is at."""
        if isinstance(row := self.page.row, Airplane):
            self.do(self.commands.close_or_open(row))

    def action_cancel(self) -> None:
        """Cancel the reservation one is at."""
        if isinstance(row := self.page.row, Reservation):
            self.do(self.commands.cancel(row))

    def action_retry(self) -> None:
        """Have the parked reservation one is at tried again."""
        if isinstance(row := self.page.row, Parked):
            self.do(self.commands.retry(row))

    def action_drop(self) -> None:
        """Leave the parked reservation one is at undecided."""
        if isinstance(row := self.page.row, Parked):
            self.do(self.commands.drop(row))

    def action_undo(self) -> None:
        """Undo the last command."""
        self.do(self.commands.undo())

    def action_copy(self) -> None:
        """Copy the number of the row one is at."""
        if (row := self.page.row) is not None:
            self._copy(str(getattr(row, self.page.KEY)))

    def action_copy_json(self) -> None:
        """Copy the row one is at as JSON."""
        if (row := self.page.row) is not None:
            self._copy(encode(row))

    def _copy(self, text: str) -> None:
        self.copy(text)
        self.say(self.label(mark("Copied: {text}"), {"text": text}))

    def say(
        self, text: str, *, severity: Literal["information", "warning", "error"] = "information"
    ) -> None:
        """Say something for a moment."""
        self.notify(text, severity=severity, markup=False)
