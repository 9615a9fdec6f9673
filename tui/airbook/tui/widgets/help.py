"""The help dialog: the active keys of the focused widget, with a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from airbook.application.text.labels import Labels, mark
from airbook.tui.widgets.dialog import Dialog
from airbook.tui.widgets.filter import NOTHING
from airbook.tui.widgets.help_line import HelpLine


class Help(Dialog[None]):
    """Lists the keys whose names or descriptions contain the typed text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
    ]

    def __init__(self, label: Labels, lines: Sequence[HelpLine]) -> None:
        super().__init__()
        self.label = label
        self.lines = lines
        self.text = Static("", markup=False)
        self.body = VerticalScroll(self.text, can_focus=False)

    def compose(self) -> ComposeResult:
        """Compose the search and the list."""
        with Vertical(classes="output"):
            yield Label(self.label(mark("Keys")), classes="dialog-title", markup=False)
            yield Input(placeholder=self.label(mark("search")), compact=True)
            yield self.body

    def on_mount(self) -> None:
        """List all keys."""
        self._list("")

    @on(Input.Changed)
    def search(self, typed: Input.Changed) -> None:
        """List the keys that match."""
        self._list(typed.value.lower())

    def _list(self, part: str) -> None:
        found = [one for one in self.lines if part in f"{one.keys} {one.description}".lower()]
        if not found:
            self.text.update(self.label(NOTHING))
            return
        width = max((cell_len(one.keys) for one in self.lines), default=0) + 2
        self.text.update(
            Content("\n").join(
                Content.styled(one.keys, "bold $primary")
                + " " * (width - cell_len(one.keys))
                + one.description
                for one in found
            )
        )

    def action_scroll(self, by: int) -> None:
        """Scroll the list."""
        self.body.scroll_relative(y=by, animate=False)
