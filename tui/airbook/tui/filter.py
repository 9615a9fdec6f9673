"""The line one filters a list by; it stays in sight while it filters."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from airbook.runtime.labels import Labels, mark


class FilterLine(Horizontal):
    """Asks for a new list at every key, and says so while what is typed means nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave", show=False, priority=True),
        Binding("escape", "clear", mark("Clear")),
    ]

    class Changed(Message):
        """Another filter was typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, label: Labels, placeholder: str, filtered: Widget) -> None:
        """placeholder: what can be typed, in English. filtered: where one goes on."""
        super().__init__(classes="filter")
        self.filtered = filtered
        self.input = Input(placeholder=label(placeholder), compact=True, select_on_focus=False)
        self.title = Static(label(mark("Filter")), classes="filter-title", markup=False)
        self.hint = label(mark("Enter keeps it, Esc clears it"))
        self.complaint = Static(self.hint, classes="complaint -none", markup=False)

    @property
    def text(self) -> str:
        """Give what was typed."""
        return self.input.value

    def compose(self) -> ComposeResult:
        """Lay the line out."""
        yield self.title
        yield self.input
        yield self.complaint

    def open(self) -> None:
        """Show the line and type in it."""
        self.display = True
        self.input.focus()

    def clear(self) -> None:
        """Filter nothing any more."""
        self.input.value = ""
        self.action_leave()

    def complain(self, sentence: str) -> None:
        """Say what is wrong with what was typed; nothing if nothing is."""
        self.complaint.update(sentence or self.hint)
        self.complaint.set_class(not sentence, "-none")

    @on(Input.Changed)
    def _typed(self, typed: Input.Changed) -> None:
        typed.stop()
        self.post_message(self.Changed(typed.value))

    def action_clear(self) -> None:
        """Filter nothing any more."""
        self.clear()

    def action_leave(self) -> None:
        """Go on with this filter."""
        self.display = bool(self.text)
        self.screen.set_focus(self.filtered)  # at once: what is typed behind is not the filter's
