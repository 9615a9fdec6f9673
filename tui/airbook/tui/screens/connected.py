"""A screen that is connected to the store: it asks, hears, and notices when no answer comes."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import on
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from airbook.application.airbook import Airbook
from airbook.application.text.formatting import error_sentence
from airbook.application.text.labels import mark
from airbook.application.text.terminal import visible
from airbook.eventlog.errors import StoreError
from airbook.tui.session.following import Follower, Moved
from airbook.tui.session.look import Look
from airbook.tui.session.reading import TROUBLE, Reader
from airbook.tui.widgets.heading import Heading, Vitals, shortened, vitals
from airbook.tui.widgets.notices import Notices, Severity

if TYPE_CHECKING:
    from textual.app import App

Answer = TypeVar("Answer")
PULSE_SECONDS = 0.5
SILENCE_SECONDS = 1.5


class Heard(Message):
    """The store has answered; handled on the screen's own thread."""

    def __init__(self, take: Callable[[Any], None], found: Any) -> None:  # noqa: ANN401 -- anything
        super().__init__()
        self.take = take
        self.found = found


class Connected(Screen[None], inherit_bindings=False):
    """Opens the store after the first paint, and reads it on threads of its own."""

    def __init__(self, open_airbook: Callable[[], Airbook], look: Look) -> None:
        super().__init__()
        self.look = look
        self.label = look.label
        self.heading = Heading(look.label, read_only=look.read_only)
        self.notices = Notices()
        self.position = 0
        self._reader = Reader(open_airbook)
        self._follower = Follower(open_airbook, self.post_message)
        self._numbers = itertools.count()
        self._answered = time.monotonic()
        self._is_open = False

    def on_mount(self) -> None:
        """Paint first, then open the store."""
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Open the store and keep up with it."""
        self.run_worker(self._reader.run, thread=True, group="reader")
        self.run_worker(self._follower.run, thread=True, group="follower")
        self.set_interval(PULSE_SECONDS, self.feel)
        self.feel()

    def on_unmount(self) -> None:
        """Let the threads end."""
        self._reader.stop()
        self._follower.stop()

    def refresh_page(self) -> None:
        """Read what is seen."""
        raise NotImplementedError

    def felt(self) -> None:
        """Do what is to be done by the clock."""

    def grown(self) -> None:
        """Do what is to be done when the log has grown, or is there again."""
        raise NotImplementedError

    def feel(self) -> None:
        """Look for signs of life, and notice when none come."""
        self.hear("vitals", vitals, self._alive)
        silence = time.monotonic() - self._answered
        if silence > SILENCE_SECONDS:
            sentence = mark("The store has not answered for {seconds} s.")
            self.heading.lost = self.label(sentence, {"seconds": f"{silence:.0f}"})

    async def opened(self) -> None:
        """Do what can wait until the store has answered for the first time."""
        gc.freeze()
        gc.enable()  # the command line goes without

    def _alive(self, found: Vitals) -> None:
        self._hear()
        was_lost, has_grown = bool(self.heading.lost), found.position != self.position
        self.heading.lost, self.heading.vitals = "", found
        self.position = found.position
        if was_lost:
            self.refresh_page()
        if not has_grown:  # else the follower says so
            self.felt()

    def failed(self, error: Exception) -> None:
        """Say what was in the way, and what that means for the store."""
        self._hear()
        if not isinstance(error, StoreError):
            self.say(self.told(error), severity="error")
            return
        values = {**error.values, "store": shortened(str(error.values["store"]))}
        self.heading.lost = self.label(error.sentence, values)
        if error.code == "store_missing" and not self.position:
            self.heading.lost = self.label(mark("Nothing has been stored yet."))
            self.unmade()

    def _hear(self) -> None:
        self._answered = time.monotonic()
        if not self._is_open:
            self._is_open = True
            self.work(self.opened)

    def unmade(self) -> None:
        """Do what is to be done where no store has been made yet."""

    @on(Moved)
    def moved(self, moved: Moved) -> None:
        """Keep up with the log."""
        self.position = moved.position
        self.grown()

    def is_decided(self) -> bool:
        """Tell whether a daemon decides what waits, as far as is known."""
        return self.heading.vitals is not None and self.heading.vitals.daemon.running

    def hear(
        self,
        name: str,
        question: Callable[[Airbook], Answer],
        take: Callable[[Answer], None],
        fail: Callable[[Exception], None] | None = None,
    ) -> None:
        """Ask the store something; the newest question of a name stands."""
        self._reader.ask(
            name,
            question,
            lambda found: self.post_message(Heard(take, found)),
            lambda error: self.post_message(Heard(fail or self.failed, error)),
        )

    @on(Heard)
    def take_answer(self, heard: Heard) -> None:
        """Show what the store has answered; a fault of ours ends the program."""
        heard.stop()
        if isinstance(heard.found, Exception) and not isinstance(heard.found, TROUBLE):
            raise heard.found
        heard.take(heard.found)

    def work(self, task: Callable[[], Coroutine[Any, Any, None]]) -> Worker[None]:
        """Do something meanwhile. A task that has not begun when the screen ends never does."""
        return self.run_worker(task)

    async def ask(self, question: Callable[[Airbook], Answer]) -> Answer:
        """Ask the store something once, and wait for the answer. Raises what is in TROUBLE."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def tell(found: Answer) -> None:
            if not answer.done():  # somebody has left meanwhile
                answer.set_result(found)

        def fail(error: Exception) -> None:
            if not answer.done():
                answer.set_exception(error)

        self.hear(f"question {next(self._numbers)}", question, tell, fail)
        return await answer

    async def dialog(self, asked: ModalScreen[Answer]) -> Answer | None:
        """Open a dialog and wait for what it gives."""
        return await self._program.push_screen_wait(asked)

    def copy(self, text: str) -> None:
        """Hand a text to the terminal's clipboard."""
        self._program.copy_to_clipboard(text)

    @property
    def _program(self) -> App[object]:
        return cast("App[object]", self.app)  # pyright: ignore[reportUnknownMemberType] -- of which type, Textual leaves open

    def say(self, text: str, *, severity: Severity = "information") -> None:
        """Say something for a moment."""
        self.notices.say(visible(text), severity)

    def told(self, error: Exception) -> str:
        """Put what went wrong in a sentence."""
        return self.label(*error_sentence(error))
