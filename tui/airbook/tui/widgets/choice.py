"""A dialog with a list to choose from; what is typed narrows the list."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Input, Label, OptionList
from textual.widgets.option_list import Option

from airbook.application.text.labels import Labels, mark
from airbook.tui.widgets.asking import Asking
from airbook.tui.widgets.buttons import Buttons
from airbook.tui.widgets.choosable import Choosable
from airbook.tui.widgets.filter import NOTHING
from airbook.tui.widgets.form import BACK

MOST_LISTED = 200


class Choice(Asking[int]):
    """Asks for one of several choices; the result is its number, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "highlight(1)", show=False, priority=True),
        Binding("up", "highlight(-1)", show=False, priority=True),
        Binding("pagedown", "highlight(0, 1)", show=False, priority=True),
        Binding("pageup", "highlight(0, -1)", show=False, priority=True),
    ]

    def __init__(self, label: Labels, title: str, choices: Mapping[int, Choosable]) -> None:
        """title: in English. choices: by their numbers; there is at least one."""
        super().__init__(label)
        self.heading = title
        self.choices = choices
        self.listed = OptionList(compact=True)
        self.listed.can_focus = False
        self.buttons = Buttons(
            Button(id="main", variant="primary", compact=True),
            Button(label(BACK), id="back", compact=True),
            key="Enter",
        )

    def compose(self) -> ComposeResult:
        """Compose the search and the list."""
        with Vertical(classes="dialog"):
            yield Label(self.label(self.heading), classes="dialog-title", markup=False)
            yield Input(placeholder=self.label(mark("type a number or a name")), compact=True)
            yield self.listed
            yield self.state
            yield self.buttons

    def on_mount(self) -> None:
        """List all choices."""
        self.set_focus(self.query_one(Input))
        self._list(list(self.choices))

    @property
    def chosen(self) -> int | None:
        """Return the number of the highlighted choice; None if nothing matches."""
        option = self.listed.highlighted_option
        return int(option.id) if option is not None and option.id is not None else None

    @on(Input.Changed)
    def search(self, typed: Input.Changed) -> None:
        """List the choices that contain every typed word; one of just that number comes first."""
        words = comparable(typed.value).split()
        texts = {number: comparable(one.searched) for number, one in self.choices.items()}
        found = [n for n, text in texts.items() if all(word in text for word in words)]
        self._list(sorted(found, key=lambda number: words != [str(number)]))

    def _list(self, numbers: Sequence[int]) -> None:
        listed = numbers[:MOST_LISTED]
        options = [Option(Content(self.choices[n].line), id=str(n)) for n in listed]
        self.listed.set_options(options)
        self.listed.highlighted = 0 if listed else None
        more = len(numbers) - len(listed)
        sentence = mark("{count} more: type to find them") if more else ""
        self.complain(self.label(sentence if listed else NOTHING, {"count": more}))
        self.say_deed()

    @on(OptionList.OptionHighlighted)
    def say_deed(self) -> None:
        """Say what choosing the highlighted choice will do."""
        chosen = self.chosen
        deed = self.label(NOTHING) if chosen is None else self.choices[chosen].deed
        self.buttons.say(deed)

    @on(Input.Submitted)
    @on(Button.Pressed, "#main")
    def choose(self) -> None:
        """Answer with the highlighted choice; if nothing matches, only say so."""
        if (chosen := self.chosen) is not None:
            self.answer(chosen)
        else:
            self.set_focus(self.query_one(Input))

    @on(Button.Pressed, "#back")
    def go_back(self) -> None:
        """Close without a choice."""
        self.action_leave()

    def action_highlight(self, rows: int, pages: int = 0) -> None:
        """Move the highlight by some rows and pages."""
        by = rows + pages * max(1, self.listed.size.height - 1)
        if self.listed.highlighted is not None:
            most = self.listed.option_count - 1
            self.listed.highlighted = max(0, min(self.listed.highlighted + by, most))


def comparable(text: str) -> str:
    """Return a text in a form in which upper and lower case, and a begun syllable, match."""
    return unicodedata.normalize("NFKD", text.casefold())
