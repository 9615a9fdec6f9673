"""The filter line of a list; it stays visible while the list is filtered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from airbook.application.filtering import Fields, translated
from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.tui.widgets.help_line import HelpLine

if TYPE_CHECKING:
    from textual.widgets import Input

NOTHING = mark("Nothing matches.")
ANY_COLUMN = mark("Filter: what any column shows; all words must match")
ONE_FIELD = mark("Filter: what one field holds. Fields: {names}")
QUOTED = mark("Filter: quotation marks keep words together")
MOMENTS = mark("Filter: after or before a position, a time, or how long ago")


def filter_help(example: str, fields: Fields, label: Labels) -> Sequence[HelpLine]:
    """Explain the filter of a list. example: of a filter, in English."""
    word, *terms = label(example).split("   ")
    names = {"names": fields.shown(label)}
    lines = [HelpLine(word, label(ANY_COLUMN)), HelpLine('"KE 907"', label(QUOTED))]
    lines += [HelpLine(term, label(ONE_FIELD, names)) for term in terms[:1]]
    if "after" in fields.words:
        shown = "  ".join(f"{translated(one, label)}:" for one in ("after", "before"))
        lines.append(HelpLine(shown, label(MOMENTS)))
    return lines


class FilterLine(Vertical):
    """Posts Changed at each key; a second line shows why the filter matches nothing."""

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
        self._sentence = ""

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
            line = Horizontal(classes="filter-input")
            self.mount(line, self.complaint)
            line.mount(self.title, self.input)  # at once, so that the next keys are typed into it
        self.display = True
        self.input.focus()

    def clear(self) -> None:
        """Clear the filter."""
        self.input.value = ""
        self.action_leave()

    def complain(self, sentence: str) -> None:
        """Show why the filter matches nothing; with an empty sentence, show the hint again."""
        if sentence == self._sentence:
            return
        self._sentence = sentence
        self.complaint.update(visible(sentence) or self.hint)
        self.complaint.set_class(not sentence, "-none")

    def on_input_changed(self, typed: Input.Changed) -> None:
        """Report the changed text."""
        typed.stop()
        self.post_message(self.Changed(typed.value))

    def on_descendant_focus(self) -> None:
        """Show the hint while the filter is typed."""
        self.set_class(True, "-typing")  # noqa: FBT003 -- Textual's method

    def on_descendant_blur(self) -> None:
        """Hide the hint; the reason why nothing matches stays visible."""
        self.set_class(False, "-typing")  # noqa: FBT003 -- too

    def action_clear(self) -> None:
        """Clear the filter."""
        self.clear()

    def action_leave(self) -> None:
        """Keep the filter and return to the list."""
        self.display = bool(self.text)
        self.screen.set_focus(self.filtered)  # at once: the next keys belong to the list
