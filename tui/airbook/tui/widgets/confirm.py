"""A dialog that asks a question; its default answer is No."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Label

from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.tui.widgets.asking import Asking
from airbook.tui.widgets.buttons import Buttons

NO = mark("No (n)")
SAFE = mark('Enter chooses "No".')


class Confirm(Asking[bool]):
    """Asks for a confirmation; Enter and Escape answer No. The result is True, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "leave", show=False),
        Binding("y", "confirm", show=False),
        Binding("left,right,up,down,h,l,tab,shift+tab", "app.focus_next", show=False),
    ]

    def __init__(self, label: Labels, question: str, deed: str) -> None:
        """question, deed: what is asked, and what Yes does, in the language of the screen."""
        super().__init__(label)
        self.question = Label(visible(question), classes="dialog-title", markup=False)
        self.deed = deed
        self.buttons = Buttons(
            Button(id="main", variant="error", compact=True),
            Button(label(NO), id="no", variant="primary", compact=True),
            key="y",
        )

    def compose(self) -> ComposeResult:
        """Compose the question and its two buttons."""
        with Vertical(classes="dialog"):
            yield self.question
            yield Label(self.label(SAFE), classes="dialog-hint", markup=False)
            yield self.state
            yield self.buttons

    def on_mount(self) -> None:
        """Say what Yes does."""
        self.buttons.say(self.deed)
        self.set_focus(self.buttons.other)  # at once: an early Enter must not say Yes

    def ask(self, question: str) -> None:
        """Ask the same question in other words."""
        self.question.update(visible(question))

    @on(Button.Pressed, "#main")
    def action_confirm(self) -> None:
        """Answer Yes."""
        self.answer(value=True)

    @on(Button.Pressed, "#no")
    def refuse(self) -> None:
        """Answer No."""
        self.action_leave()
