"""What every screen does: show the store as it is or was, and keep up with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widgets import Static
from textual.worker import Worker

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.responses import Airplane, Parked, Reservation
from airbook.application.text.formatting import encode
from airbook.application.text.labels import mark
from airbook.tui.pages.pane import Pane
from airbook.tui.screens.commands import Commands
from airbook.tui.screens.looking_back import LookingBack
from airbook.tui.session.keys import key
from airbook.tui.session.look import Look
from airbook.tui.session.reading import Wanted
from airbook.tui.widgets.footer import KeyLine
from airbook.tui.widgets.listing import Listing
from airbook.tui.widgets.table import EMPTY

WRITING = {"add", "reserve", "set_seats", "close_or_open", "cancel", "retry", "drop", "undo"}


class Live(LookingBack):
    """A heading, pages, the slider and the keys; one page is seen, and read whenever it must be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("add", "add"),
        key("reserve", "reserve"),
        key("undo", "undo"),
        key("pause", "pause"),
        key("refresh", "refresh_page"),
        key("copy", "copy"),
        key("copy_json", "copy_json"),
        key("next_pane", "app.focus_next"),
        key("previous_pane", "app.focus_previous"),
    ]

    AUTO_FOCUS = "Listing"  # the first that can have it is the line one filters by
    paused: reactive[bool] = reactive(default=False, init=False)

    def __init__(
        self, open_airbook: Callable[[], Airbook], look: Look, moment: Moment | None
    ) -> None:
        """moment: where to look back to at once; None shows what is now."""
        super().__init__(open_airbook, look, moment)
        self.commands = Commands(self, look.label)
        self.count = Static("", classes="count", markup=False)
        self._is_reading = self._is_behind = False
        self._paused_at: int | None = None
        self._giving: Worker[None] | None = None

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
        yield self.notices
        yield self.slider
        yield KeyLine(self.label)

    def begin(self) -> None:
        """Open the store, and read the page."""
        super().begin()
        self.refresh_page()

    def come_back(self) -> None:
        """Go on in the list."""
        self.page.listing.focus()

    def unmade(self) -> None:
        """Say how to begin."""
        self.page.listing.show(EMPTY)

    @property
    def seen(self) -> int | None:
        """Tell which position is shown: that looked back to, that of the pause, or None for now."""
        return self.as_of if self.as_of is not None else self._paused_at

    def grown(self) -> None:
        """Read the page again, unless it shows the past or stands still."""
        self.slider.head = self.position
        if self.seen is None:
            self.refresh_page()

    def felt(self) -> None:
        """Read a page again that changes while the log does not."""
        if self.seen is None and self.page.ages:
            self.refresh_page()

    @on(Wanted)
    def refresh_page(self) -> None:
        """Read the page that is seen, and what is told about its row.

        One answer is waited for before the page is asked again: it tells where its rows are now.
        """
        page, seen = self.page, self.seen
        self._is_behind = self._is_reading
        if not self._is_reading:
            self._is_reading = True
            self.hear("page", page.question(seen), partial(self._show, page, seen), self._miss)
        if page.detail.display and (question := page.detail.question(seen)):
            self.hear("detail", question, page.detail.show)

    def _show(self, page: Pane, seen: int | None, found: object) -> None:
        self._is_reading = False
        if (seen is None) == (self.seen is None):  # else now would stand under the past's name
            page.show(found)
        if self._is_behind:
            self.refresh_page()

    @on(Listing.Moved)
    def tell_place(self) -> None:
        """Tell where in the list one is."""
        self.count.update(self.page.listing.count, layout=False)

    def _miss(self, error: Exception) -> None:
        self._is_reading = False
        self.failed(error)

    def action_move(self, by: int) -> None:
        """Go up or down in the list, from anywhere."""
        self.page.listing.action_move(by)

    def action_refresh_page(self) -> None:
        """Read everything again."""
        self.feel()
        self.refresh_page()

    def watch_paused(self, paused: bool) -> None:  # noqa: FBT001 -- Textual calls it
        """Stand still, or catch up."""
        self.heading.paused = paused
        self._paused_at = self.position if paused else None
        self.grown()

    def action_pause(self) -> None:
        """Stand still, or go on."""
        self.paused = not self.paused

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual calls it
        """Tell which keys do something: nothing is changed in the past, or when only looking."""
        if action in WRITING and self.refusal():
            return None
        if action == "time":
            return not self.slider.has_focus
        return self.as_of is not None if action == "live" else True

    def do(self, command: Callable[..., Coroutine[Any, Any, None]], *about: object) -> None:
        """Give a command, unless one is being given: a key pressed twice means it once."""
        if self._giving is None or self._giving.is_finished:
            self._giving = self.work(partial(command, *about))

    def action_add(self) -> None:
        """Add an airplane."""
        self.do(self.commands.add)

    def action_reserve(self) -> None:
        """Reserve a seat."""
        plane = getattr(self.page.row, "airplane", None) or getattr(self.page.row, "id", None)
        self.do(self.commands.reserve, plane, self.customer)

    def action_set_seats(self) -> None:
        """Change the seats of the airplane one is at."""
        if isinstance(row := self.page.row, Airplane):
            self.do(self.commands.set_seats, row)

    def action_close_or_open(self) -> None:
        """Close or open the airplane one is at."""
        if isinstance(row := self.page.row, Airplane):
            self.do(self.commands.close_or_open, row)

    def action_cancel(self) -> None:
        """Cancel the reservation one is at."""
        if isinstance(row := self.page.row, Reservation):
            self.do(self.commands.cancel, row)

    def action_retry(self) -> None:
        """Have the parked reservation one is at tried again."""
        if isinstance(row := self.page.row, Parked):
            self.do(self.commands.retry, row)

    def action_drop(self) -> None:
        """Leave the parked reservation one is at undecided."""
        if isinstance(row := self.page.row, Parked):
            self.do(self.commands.drop, row)

    def action_undo(self) -> None:
        """Undo the last command."""
        self.do(self.commands.undo)

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
