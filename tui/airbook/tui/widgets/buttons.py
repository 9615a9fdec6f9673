"""The two buttons of a dialog: what it does, and the way back."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from airbook.application.text.terminal import visible
from airbook.tui.widgets.columns import cut

AROUND = 4  # cells that a button needs beside its text
BETWEEN = 2


class Buttons(Horizontal):
    """Says what the main button does; the buttons stand below each other if they are too wide."""

    def __init__(self, main: Button, other: Button, *, key: str) -> None:
        """other: the button that changes nothing. key: of the main button, after its text."""
        super().__init__(classes="buttons")
        self.main = main
        self.other = other
        self.key = f" ({key})"
        self.text = ""

    def compose(self) -> ComposeResult:
        """Compose both buttons; Enter presses the first one."""
        yield from sorted((self.main, self.other), key=lambda one: one.variant != "primary")

    def say(self, text: str) -> None:
        """Say what the main button does, in the language of the screen."""
        self.text = visible(text)
        self.on_resize()

    def on_resize(self) -> None:
        """Cut the text to the width, so that the key is always shown."""
        room = self.size.width or len(self.text)
        other = Content(str(self.other.label)).cell_length + AROUND + BETWEEN
        self.set_class(cell_len(self.text + self.key) + AROUND + BETWEEN + other > room, "-stacked")
        most = room - AROUND - BETWEEN - cell_len(self.key)
        self.main.label = Content(cut(self.text, most) + self.key)
        self.main.refresh(layout=True)  # a button keeps its width otherwise
