"""A screen that is connected to the store: it runs queries, polls, and shows a lost connection."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from textual.app import App
from textual.binding import Binding
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from airbook.application.airbook import Airbook
from airbook.application.text.formatting import error_sentence
from airbook.application.text.labels import mark
from airbook.application.text.terminal import visible
from airbook.eventlog.errors import StoreError
from airbook.tui.session.following import LogAdvanced, LogWatcher
from airbook.tui.session.keys import first_key
from airbook.tui.session.look import Look
from airbook.tui.session.reading import QUERY_ERRORS, Reader
from airbook.tui.session.writing import Writing
from airbook.tui.widgets.heading import Heading, Vitals, read_vitals, shortened
from airbook.tui.widgets.notices import Notices, Severity

Result = TypeVar("Result")
POLL_SECONDS = 0.5
SILENCE_SECONDS = 1.5


class QueryAnswered(Message):
    """A query has ended. callback: called on the screen's thread. result: its result or error."""

    def __init__(self, callback: Callable[[Any], None], result: Any) -> None:  # noqa: ANN401 -- anything
        super().__init__()
        self.callback = callback
        self.result = result


class Connected(Screen[None], inherit_bindings=False):
    """Opens the store after the first paint; a reader and a log watcher run on their own threads.

    position: the last known head of the log.
    """

    def __init__(self, open_airbook: Callable[[], Airbook], look: Look) -> None:
        super().__init__()
        self.look = look
        self.label = look.label
        self.heading = Heading(look.label, read_only=look.read_only)
        self.notices = Notices()
        self.position = 0
        self._open_airbook = open_airbook
        self._reader = Reader(open_airbook)
        self._watcher = LogWatcher(open_airbook, self.post_message)
        self._numbers = itertools.count()
        self._answered_at = time.monotonic()
        self._is_open = False

    def on_mount(self) -> None:
        """Paint first, then open the store."""
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Start the threads and the polling."""
        self.run_worker(self._reader.run, thread=True, group="reader")
        self.run_worker(self._watcher.run, thread=True, group="watcher")
        self.set_interval(POLL_SECONDS, self.poll)
        self.poll()

    def on_unmount(self) -> None:
        """Stop the threads."""
        self._reader.stop()
        self._watcher.stop()

    def refresh_page(self) -> None:
        """Read the visible page again."""
        raise NotImplementedError

    def poll(self) -> None:
        """Read the vitals of the store, and show for how long the store has been silent."""
        self.submit("vitals", read_vitals, self._show_vitals)
        silence = time.monotonic() - self._answered_at
        if silence > SILENCE_SECONDS:
            sentence = mark("The store has not answered for {seconds} s.")
            self.heading.lost = self.label(sentence, {"seconds": f"{silence:.0f}"})

    def on_tick(self) -> None:
        """React to a poll that found the same head as before."""

    def on_head_changed(self) -> None:
        """React to a new head of the log."""
        raise NotImplementedError

    async def on_store_opened(self) -> None:
        """Do the work that can wait until the store has answered for the first time."""
        gc.freeze()
        gc.enable()  # the command line runs without garbage collection

    def on_store_missing(self) -> None:
        """React to a store that has not been created yet."""

    def on_log_advanced(self, message: LogAdvanced) -> None:
        """Remember the new head."""
        self.position = message.position
        self.on_head_changed()

    def _show_vitals(self, found: Vitals) -> None:
        self._note_answer()
        was_lost, has_advanced = bool(self.heading.lost), found.position != self.position
        self.heading.lost, self.heading.vitals = "", found
        self.position = found.position
        if was_lost:
            self.refresh_page()
        if not has_advanced:  # else LogAdvanced follows
            self.on_tick()

    def show_error(self, error: Exception) -> None:
        """Show an error of a query: a StoreError in the heading, another one as a notice."""
        self._note_answer()
        if not isinstance(error, StoreError):
            self.show_notice(self.error_text(error), severity="error")
            return
        values = {**error.values, "store": shortened(str(error.values["store"]))}
        self.heading.lost = self.label(error.sentence, values)
        if error.code == "store_missing" and not self.position:
            self.heading.lost = self.label(mark("Nothing has been stored yet."))
            self.on_store_missing()

    def _note_answer(self) -> None:
        self._answered_at = time.monotonic()
        if not self._is_open:
            self._is_open = True
            self.start_task(self.on_store_opened)

    def has_daemon(self) -> bool:
        """Return whether a daemon was running at the last poll."""
        return self.heading.vitals is not None and self.heading.vitals.daemon.running

    def submit(
        self,
        name: str,
        query: Callable[[Airbook], Result],
        on_result: Callable[[Result], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Queue a query for the reader; it replaces a queued query of the same name.

        on_result, on_error: called on the screen's thread; without on_error, the error is shown.
        """
        self._reader.submit(
            name,
            query,
            lambda result: self.post_message(QueryAnswered(on_result, result)),
            lambda error: self.post_message(QueryAnswered(on_error or self.show_error, error)),
        )

    def on_query_answered(self, message: QueryAnswered) -> None:
        """Call the query's callback; a programming error in a query ends the program."""
        message.stop()
        result = message.result
        if isinstance(result, Exception) and not isinstance(result, QUERY_ERRORS):
            raise result
        message.callback(result)

    def start_task(self, task: Callable[[], Coroutine[Any, Any, None]]) -> Worker[None]:
        """Start a coroutine; it is cancelled when the screen ends."""
        return self.run_worker(task)

    async def run_query(self, query: Callable[[Airbook], Result]) -> Result:
        """Run one query and return its result. Raises one of QUERY_ERRORS."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

        def set_result(result: Result) -> None:
            if not answer.done():  # cancelled if the screen has ended
                answer.set_result(result)

        def set_exception(error: Exception) -> None:
            if not answer.done():
                answer.set_exception(error)

        self.submit(f"query {next(self._numbers)}", query, set_result, set_exception)
        return await answer

    def begin_writing(self, command: Callable[[Airbook], Result]) -> Writing[Result]:
        """Begin to execute a command, which must be safe to repeat, on a thread of its own."""
        return Writing(self._open_airbook, command)

    async def open_dialog(self, dialog: ModalScreen[Result]) -> Result | None:
        """Open a dialog and return its result."""
        return await self._program.push_screen_wait(dialog)

    def copy_text(self, text: str) -> None:
        """Copy a text to the terminal's clipboard."""
        self._program.copy_to_clipboard(text)

    @property
    def _program(self) -> App[object]:
        return cast("App[object]", self.app)  # pyright: ignore[reportUnknownMemberType] -- Textual leaves the type open

    def key_name(self, name: str) -> str:
        """Return the first key of an action as on a keyboard. name: the action's name in KEYS."""
        return self._program.get_key_display(Binding(first_key(name, self.look.keys), name))

    def show_notice(self, text: str, *, severity: Severity = "information") -> None:
        """Show a notice for some seconds."""
        self.notices.add(visible(text), severity)

    def error_text(self, error: Exception) -> str:
        """Describe an error in a sentence, in the language of the screen."""
        return self.label(*error_sentence(error))
