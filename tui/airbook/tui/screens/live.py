"""The common base of the dashboard and my page: visible page, refresh, and commands."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import ScreenResume
from textual.widgets import Static
from textual.worker import Worker

from airbook.application.airbook import Airbook
from airbook.application.as_of import Moment
from airbook.application.responses import Airplane, Parked, Reservation
from airbook.application.text.formatting import encode
from airbook.application.text.labels import mark
from airbook.tui.pages.page import Page
from airbook.tui.screens import row_reasons
from airbook.tui.screens.commands import Commands
from airbook.tui.screens.looking_back import LookingBack
from airbook.tui.session.keys import key
from airbook.tui.session.look import Look
from airbook.tui.session.reading import RefreshRequested
from airbook.tui.session.reasons import Reason
from airbook.tui.widgets.footer import KeyLine
from airbook.tui.widgets.row_list import RowList
from airbook.tui.widgets.table import EMPTY

WRITING = {"add", "reserve", "set_seats", "close_or_open", "cancel", "retry", "drop", "undo"}


class Live(LookingBack):
    """A heading, pages, the slider and the key line; one page is visible and kept up to date."""

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

    AUTO_FOCUS = "RowList"  # otherwise the filter line would have it

    def __init__(
        self, open_airbook: Callable[[], Airbook], look: Look, moment: Moment | None
    ) -> None:
        """moment: the moment to look back to at once; None shows the present."""
        super().__init__(open_airbook, look, moment)
        self.commands = Commands(self, look.label)
        self.count = Static("", classes="count", markup=False)
        self._is_reading = self._is_outdated = False
        self._command_worker: Worker[None] | None = None

    @property
    def page(self) -> Page:
        """Return the visible page."""
        raise NotImplementedError

    @property
    def customer(self) -> str:
        """Return the customer that a reservation form begins with; empty for none."""
        return ""

    def pages(self) -> ComposeResult:
        """Compose the pages."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Compose the screen."""
        yield self.heading
        yield from self.pages()
        yield self.notices
        yield self.slider
        yield KeyLine(self.label)

    def begin(self) -> None:
        """Open the store, and read the visible page."""
        super().begin()
        self.refresh_page()

    def focus_list(self) -> None:
        """Move the focus to the list."""
        self.page.row_list.focus()

    def on_store_missing(self) -> None:
        """Show an empty list, whose text explains how to begin."""
        self.page.row_list.show(EMPTY)

    def on_head_changed(self) -> None:
        """Update the slider, and refresh the page if it shows the present."""
        self.slider.head = self.position
        self.refresh_bindings()
        if self.shown_as_of is None:
            self.refresh_page()

    def on_tick(self) -> None:
        """Refresh the page if its data changes with time."""
        if self.shown_as_of is None and self.page.changes_with_time:
            self.refresh_page()

    @on(RefreshRequested)
    def refresh_page(self) -> None:
        """Read the visible page, and the detail of its current row.

        Only one query of a page runs at a time, because it depends on the last result: the places
        of the rows.
        """
        page, as_of = self.page, self.shown_as_of
        self._is_outdated = self._is_reading
        if not self._is_reading:
            self._is_reading = True
            self.submit(
                "page", page.page_query(as_of), partial(self._show, page, as_of), self._page_failed
            )
        if page.detail.display and (query := page.detail.detail_query(as_of)):
            self.submit("detail", query, page.detail.show)

    def _show(self, page: Page, as_of: int | None, result: object) -> None:
        self._is_reading = False
        if (as_of is None) == (self.shown_as_of is None):  # never show the present as the past
            page.show(result)
        if self._is_outdated:
            self.refresh_page()

    @on(RowList.CursorMoved)
    def show_place(self) -> None:
        """Show the cursor's row number and the number of rows."""
        self.count.update(self.page.row_list.count, layout=False)

    def _page_failed(self, error: Exception) -> None:
        self._is_reading = False
        self.show_error(error)

    def action_move(self, by: int) -> None:
        """Move the cursor of the list, whichever widget has the focus."""
        self.page.row_list.action_move(by)

    def action_refresh_page(self) -> None:
        """Poll the store, and read the page."""
        self.poll()
        self.refresh_page()
        self.show_notice(self.label(mark("The page is read again.")))

    def reason_against(self, action: str, parameters: tuple[object, ...]) -> Reason | None:  # noqa: ARG002 -- as of Explains
        """Return why an action is impossible now; None if it is possible."""
        if action in WRITING and (reason := self.read_only_reason()):
            return reason
        if action == "undo" and not self.commands.can_undo:
            return Reason(mark("No command given here by a key is left to undo."))
        if action == "pause" and self.as_of is not None:
            return self.past_reason()
        if action == "live" and self.as_of is None:
            return Reason(mark("This is the present already."))
        if action == "time" and self.slider.has_focus:
            return Reason(mark("You are on the slider already: the arrow keys move it."))
        if action == "time" and not self.position:
            return Reason(mark("Nothing has been stored yet."))
        return row_reasons.reason_against(action, self.page.row)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys that are possible now; `back` is that of the page while it has one."""
        if action == "back":
            return self.as_of is not None
        return True if self.reason_against(action, parameters) is None else None

    @on(RowList.Highlighted)
    @on(ScreenResume)
    def offer_keys(self) -> None:
        """Offer the keys that are possible now: on another row, or after a dialog."""
        self.refresh_bindings()

    def start_command(
        self, command: Callable[..., Coroutine[Any, Any, None]], *args: object
    ) -> None:
        """Start a command, unless another one is running: a key pressed twice starts it once."""
        if self._command_worker is None or self._command_worker.is_finished:
            self._command_worker = self.start_task(partial(command, *args))

    def action_add(self) -> None:
        """Add an airplane."""
        self.start_command(self.commands.add)

    def action_reserve(self) -> None:
        """Request a seat."""
        plane = getattr(self.page.row, "airplane", None) or getattr(self.page.row, "id", None)
        self.start_command(self.commands.reserve, plane, self.customer)

    def action_set_seats(self) -> None:
        """Change the number of seats of the current airplane."""
        if isinstance(row := self.page.row, Airplane):
            self.start_command(self.commands.set_seats, row)

    def action_close_or_open(self) -> None:
        """Close or open the current airplane."""
        if isinstance(row := self.page.row, Airplane):
            self.start_command(self.commands.close_or_open, row)

    def action_cancel(self) -> None:
        """Cancel the current reservation."""
        if isinstance(row := self.page.row, Reservation):
            self.start_command(self.commands.cancel, row)

    def action_retry(self) -> None:
        """Let the daemon try the current parked reservation again."""
        if isinstance(row := self.page.row, Parked):
            self.start_command(self.commands.retry, row)

    def action_drop(self) -> None:
        """Leave the current parked reservation undecided."""
        if isinstance(row := self.page.row, Parked):
            self.start_command(self.commands.drop, row)

    def action_undo(self) -> None:
        """Undo the last command."""
        self.start_command(self.commands.undo)

    def action_copy(self) -> None:
        """Copy the number of the current row."""
        if (row := self.page.row) is not None:
            self._copy(str(getattr(row, self.page.KEY)))

    def action_copy_json(self) -> None:
        """Copy the current row as JSON."""
        if (row := self.page.row) is not None:
            self._copy(encode(row))

    def _copy(self, text: str) -> None:
        self.copy_text(text)
        self.show_notice(self.label(mark("Copied: {text}"), {"text": text}))
