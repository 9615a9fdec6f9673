"""A dialog that asks a question; its default answer is No."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from airbook.application.text.labels import Labels, mark
from airbook.tui.widgets.dialog import Dialog


class Confirm(Dialog[bool]):
    """Asks for a confirmation; Enter and Escape answer No."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", show=False),
        Binding("y", "dismiss(True)", show=False),
        Binding("left,right,h,l,tab", "app.focus_next", show=False),
    ]

    def __init__(self, label: Labels, question: str) -> None:
        """question: in the language of the screen."""
        super().__init__()
        self.label = label
        self.question = question

    def compose(self) -> ComposeResult:
        """Compose the question and its two buttons."""
        with Vertical(classes="dialog"):
            yield Label(self.question, classes="dialog-title", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(self.label(mark("No (n)")), id="no", variant="primary", compact=True)
                yield Button(self.label(mark("Yes (y)")), id="yes", variant="error", compact=True)

    @on(Button.Pressed)
    def answer(self, pressed: Button.Pressed) -> None:
        """Close with the answer of the pressed button."""
        self.dismiss(pressed.button.id == "yes")
