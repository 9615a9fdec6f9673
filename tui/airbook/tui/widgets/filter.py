"""The line one filters a list by; it stays in sight while it filters."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from airbook.application.text.labels import Labels, mark

if TYPE_CHECKING:
    from textual.widgets import Input

NOTHING = mark("Nothing matches.")


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
        self.placeholder = label(placeholder)
        self.filtered = filtered
        self.title = Static(label(mark("Filter")), classes="filter-title", markup=False)
        self.hint = label(mark("Enter keeps it, Esc clears it"))
        self.complaint = Static(self.hint, classes="complaint -none", markup=False)

    @cached_property
    def input(self) -> Input:
        """Give the widget one types in; not made for the first paint, which would take longer."""
        from textual.widgets import Input

        return Input(placeholder=self.placeholder, compact=True, select_on_focus=False)

    @property
    def text(self) -> str:
        """Give what was typed."""
        return self.input.value if self.children else ""

    def open(self) -> None:
        """Show the line and type in it."""
        if not self.children:
            self.mount(self.title, self.input, self.complaint)
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

    def on_input_changed(self, typed: Input.Changed) -> None:
        """Ask for what is meant by this."""
        typed.stop()
        self.post_message(self.Changed(typed.value))

    def action_clear(self) -> None:
        """Filter nothing any more."""
        self.clear()

    def action_leave(self) -> None:
        """Go on with this filter."""
        self.display = bool(self.text)
        self.screen.set_focus(self.filtered)  # at once: what is typed behind is not the filter's
