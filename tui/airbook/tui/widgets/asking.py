"""The base class of dialogs whose answer is a command: open until the command is executed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from airbook.application.text.labels import Labels, mark
from airbook.tui.widgets.dialog import Dialog

Answer = TypeVar("Answer")
WAITING = mark("Waiting for the store: it is done once it answers. Esc gives up.")
GIVING_UP = mark("Giving up, unless the store may have it already: then it is completed.")
CarryOut = Callable[[Answer], Coroutine[Any, Any, str | None]]


class Asking(Dialog[Answer | None], Generic[Answer]):
    """Asks for an answer; the result is the answer once it is carried out, or None.

    carry_out: carries out an answer, and returns why that failed, as a sentence, or None. Without
    it, the dialog closes with its answer at once.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    USED: ClassVar[str] = "Input, Button#main"  # the widgets that cannot be used meanwhile

    def __init__(self, label: Labels) -> None:
        super().__init__()
        self.label = label
        self.state = Static("", classes="complaint", markup=False)
        self.carry_out: CarryOut[Answer] | None = None
        self._is_busy = False
        self._give_up: Callable[[], None] | None = None

    def answer(self, value: Answer) -> None:
        """Carry out an answer, unless another one is being carried out, and close."""
        if self.carry_out is None:
            self.dismiss(value)
        elif not self._is_busy:
            self._is_busy = True
            self.run_worker(self._carry_out(self.carry_out, value))

    async def _carry_out(self, carry_out: CarryOut[Answer], value: Answer) -> None:
        focused = self.focused
        self._enable(is_enabled=False)
        self.set_focus(None)  # Enter must not press the other button
        failure = await carry_out(value)
        self._is_busy, self._give_up = False, None
        if failure is None:
            self.dismiss(value)
            return
        self._enable(is_enabled=True)
        self.complain(failure)
        if isinstance(focused, Input):
            focused.select_on_focus = False  # what was typed is corrected, and not typed anew
        self.set_focus(focused)

    def _enable(self, *, is_enabled: bool) -> None:
        for widget in self.query(self.USED).results(Widget):
            widget.disabled = not is_enabled

    def complain(self, sentence: str) -> None:
        """Show why the answer cannot be carried out; an empty sentence removes the last one."""
        self.state.remove_class("-waiting")
        self.state.update(sentence)

    def wait(self, give_up: Callable[[], None]) -> None:
        """Show that the store makes the user wait. give_up: called if the user gives up."""
        self._give_up = give_up
        self.complain(self.label(WAITING))
        self.state.add_class("-waiting")

    def action_leave(self) -> None:
        """Close without an answer; while the store is waited for, give the answer up instead."""
        if not self._is_busy:
            self.dismiss(None)
        elif self._give_up is not None:
            self._give_up()
            self.state.update(self.label(GIVING_UP))
