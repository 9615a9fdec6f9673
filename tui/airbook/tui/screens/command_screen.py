"""The parts of a screen that its commands need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from textual.screen import ModalScreen

from airbook.application.airbook import Airbook
from airbook.tui.session.reasons import Reason
from airbook.tui.session.writing import Writing
from airbook.tui.widgets.notices import Severity

Result = TypeVar("Result")


class CommandScreen(Protocol):
    """The methods of a screen that commands need. position: the last known head of the log."""

    position: int

    async def run_query(self, query: Callable[[Airbook], Result]) -> Result:
        """Run a query on the reader's thread. Raises one of QUERY_ERRORS."""
        ...

    def submit(
        self,
        name: str,
        query: Callable[[Airbook], Result],
        on_result: Callable[[Result], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Queue a query for the reader; it replaces a queued query of the same name."""
        ...

    def begin_writing(self, command: Callable[[Airbook], Result]) -> Writing[Result]:
        """Begin to execute a command, which must be safe to repeat, on a thread of its own."""
        ...

    async def open_dialog(self, dialog: ModalScreen[Result]) -> Result | None:
        """Open a dialog and return its result."""
        ...

    def show_notice(self, text: str, *, severity: Severity = "information") -> None:
        """Show a notice for some seconds."""
        ...

    def error_text(self, error: Exception) -> str:
        """Describe an error in a sentence, in the language of the screen."""
        ...

    def read_only_reason(self) -> Reason | None:
        """Return why the store must not be changed now; None if it may be."""
        ...

    def has_daemon(self) -> bool:
        """Return whether a daemon is running."""
        ...

    def refresh_page(self) -> None:
        """Read the visible page again."""
        ...

    def refresh_bindings(self) -> None:
        """Show the keys that are possible now."""
        ...
