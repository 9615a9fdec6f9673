"""Giving one command to the store: it waits for the store, reports, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from airbook.application.airbook import Airbook
from airbook.application.commands import Order, Reserve
from airbook.application.text.labels import Labels, mark
from airbook.application.undo import Execution
from airbook.domain.refusal import Refused
from airbook.domain.reservation import CancelReservation
from airbook.eventlog.errors import StoreError
from airbook.tui.screens.command_screen import CommandScreen
from airbook.tui.screens.sentences import DEEDS, DONE, values_of
from airbook.tui.screens.undo_stack import UndoStack
from airbook.tui.session.reading import QUERY_ERRORS
from airbook.tui.session.writing import GivenUp, Writing
from airbook.tui.widgets.notices import Severity

if TYPE_CHECKING:
    from airbook.tui.widgets.asking import Asking
    from airbook.tui.widgets.confirm import Confirm

DECIDED_BY_DAEMON = {Reserve, CancelReservation}
Result = TypeVar("Result")
Answer = TypeVar("Answer")


class NotDone(Exception):
    """A command was not executed. sentence: why, in the language of the screen.

    is_refused: whether a rule forbids it, so that the same command would be refused again.
    """

    def __init__(self, sentence: str, *, is_refused: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_refused = is_refused


class Giver:
    """Gives commands for one screen, and keeps them so that they can be undone."""

    def __init__(self, screen: CommandScreen, label: Labels) -> None:
        self.screen = screen
        self.label = label
        self.undo_stack = UndoStack()

    async def ask(
        self,
        dialog: Asking[Answer],
        order_of: Callable[[Answer], Order],
        may: Callable[[Answer], Coroutine[Any, Any, bool]] | None = None,
    ) -> None:
        """Give the order that follows from the answer of a dialog.

        The dialog stays open meanwhile; if the order is not executed, the dialog says why and
        keeps what was typed. may: asked first whether the order is to be given.
        """
        execution: Execution | None = None

        async def carry_out(answer: Answer) -> str | None:
            nonlocal execution
            if may is not None and not await may(answer):
                return ""
            order = order_of(answer)
            if execution is None or execution.order != order:
                execution = Execution(order)
            try:
                await self.give(execution, dialog)
            except NotDone as error:
                return error.sentence
            return None

        dialog.carry_out = carry_out
        await self.screen.open_dialog(dialog)

    async def confirm(
        self, dialog: Confirm, work: Callable[[Asking[Any]], Coroutine[Any, Any, None]]
    ) -> None:
        """Do some work after a confirmation; if it is not done, a notice says why."""

        async def carry_out(_: bool) -> None:  # noqa: FBT001 -- the answer of the dialog
            await self.report(work(dialog))

        dialog.carry_out = carry_out
        await self.screen.open_dialog(dialog)

    async def report(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work; if it is not done, a notice says why."""
        try:
            await work
        except NotDone as error:
            self.screen.show_notice(error.sentence, severity="error")

    async def give(
        self, execution: Execution, dialog: Asking[Any] | None, *, undoing: bool = False
    ) -> None:
        """Give a command and report its result.

        dialog: the open dialog that asked for the command; None if there is none. undoing: the
        command undoes the last one. Raises NotDone.
        """
        order = execution.order
        kind, values = type(order.command), values_of(order, order.number)
        try:
            given = await self.write(execution, self.label(DEEDS[kind], values), dialog)
        except NotDone as error:
            if undoing and error.is_refused:
                self.undo_stack.pop()
            raise
        if undoing:
            self.undo_stack.pop()
        else:
            self.undo_stack.push(given)
        self.screen.refresh_bindings()
        self.show(DONE[kind], values_of(order, given.number))
        if kind in DECIDED_BY_DAEMON and not self.screen.has_daemon():
            sentence = mark("No daemon is running: reservations wait until one is.")
            self.show(sentence, severity="warning")

    async def write(
        self, command: Callable[[Airbook], Result], deed: str, dialog: Asking[Any] | None
    ) -> Result:
        """Execute a command, which must be safe to repeat, and wait until the store answers.

        deed: what the command does, in the language of the screen. dialog: as for `give`. Raises
        NotDone.
        """
        if reason := self.screen.read_only_reason():
            raise NotDone(self.label(*reason))
        writing = self.screen.begin_writing(self._on_known_store(command))
        try:
            if not await writing.is_quick():
                await self._show_waiting(writing, deed, dialog)
            return await writing.result()
        except GivenUp:
            raise NotDone(self.label(mark("Given up: nothing is stored."))) from None
        except QUERY_ERRORS as error:
            is_refused = isinstance(error, Refused)
            raise NotDone(self.screen.error_text(error), is_refused=is_refused) from error
        finally:
            writing.stop()

    def _on_known_store(self, command: Callable[[Airbook], Result]) -> Callable[[Airbook], Result]:
        known = self.screen.position

        def write(airbook: Airbook) -> Result:
            if known and not airbook.store.is_made():  # else an empty store would replace it
                raise StoreError("store_missing", airbook.store.url)
            return command(airbook)

        return write

    async def _show_waiting(
        self, writing: Writing[Any], deed: str, dialog: Asking[Any] | None
    ) -> None:
        from airbook.tui.widgets.waiting import Waiting

        if dialog is not None:
            dialog.wait(writing.give_up)
        else:
            waiting = Waiting(self.label, deed, writing.ended, writing.give_up)
            await self.screen.open_dialog(waiting)

    def show(
        self,
        sentence: str,
        values: Mapping[str, object] | None = None,
        severity: Severity = "information",
    ) -> None:
        """Show a notice. sentence: in English, with {placeholders} for values."""
        self.screen.show_notice(self.label(sentence, values or {}), severity=severity)
