"""The filter line of a list; it stays visible while the list is filtered."""

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
    """Posts Changed at each key, and shows a complaint about an invalid filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave", show=False, priority=True),
        Binding("escape", "clear", mark("Clear")),
    ]

    class Changed(Message):
        """The text of the filter has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, label: Labels, placeholder: str, filtered: Widget) -> None:
        """placeholder: shown in an empty line, in English. filtered: gets the focus afterwards."""
        super().__init__(classes="filter")
        self.placeholder = label(placeholder)
        self.filtered = filtered
        self.title = Static(label(mark("Filter")), classes="filter-title", markup=False)
        self.hint = label(mark("Enter keeps it, Esc clears it"))
        self.complaint = Static(self.hint, classes="complaint -none", markup=False)

    @cached_property
    def input(self) -> Input:
        """Return the input widget; it is created late, because it would delay the first paint."""
        from textual.widgets import Input

        return Input(placeholder=self.placeholder, compact=True, select_on_focus=False)

    @property
    def text(self) -> str:
        """Return the text of the filter."""
        return self.input.value if self.children else ""

    def open(self) -> None:
        """Show the line and move the focus to it."""
        if not self.children:
            self.mount(self.title, self.input, self.complaint)
        self.display = True
        self.input.focus()

    def clear(self) -> None:
        """Clear the filter."""
        self.input.value = ""
        self.action_leave()

    def complain(self, sentence: str) -> None:
        """Show why the filter is invalid; with an empty sentence, show the hint again."""
        self.complaint.update(sentence or self.hint)
        self.complaint.set_class(not sentence, "-none")

    def on_input_changed(self, typed: Input.Changed) -> None:
        """Report the changed text."""
        typed.stop()
        self.post_message(self.Changed(typed.value))

    def action_clear(self) -> None:
        """Clear the filter."""
        self.clear()

    def action_leave(self) -> None:
        """Keep the filter and return to the list."""
        self.display = bool(self.text)
        self.screen.set_focus(self.filtered)  # at once: the next keys belong to the list
