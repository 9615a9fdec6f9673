"""A dialog that asks for a command line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from airbook.application.text.labels import Labels, mark
from airbook.application.text.terminal import visible
from airbook.tui.session.command_line import split_unfinished
from airbook.tui.session.shell import Shell
from airbook.tui.widgets.dialog import Dialog


class Prompt(Dialog[Sequence[str] | None]):
    """Asks for a command line and shows the command's usage; the result is its words, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("up", "recall(-1)", show=False),
        Binding("down", "recall(1)", show=False),
        Binding("tab", "complete", show=False, priority=True),
    ]

    def __init__(
        self, label: Labels, shell: Shell, history: Sequence[str], begun: str = ""
    ) -> None:
        """history: earlier command lines, the newest last. begun: the initial text."""
        super().__init__()
        self.label = label
        self.shell = shell
        self.history = [*history, begun]
        self.index = len(history)
        names = [spec.name for spec in shell.commands]
        self.input = Input(
            begun, compact=True, select_on_focus=False, suggester=SuggestFromList(names)
        )
        self.usage = Static("", classes="usage", markup=False)

    def compose(self) -> ComposeResult:
        """Compose the usage and the line."""
        with Vertical(classes="prompt"):
            yield self.usage
            with Horizontal(classes="prompt-line"):
                yield Static(":", markup=False)
                yield self.input

    def on_mount(self) -> None:
        """Show the names of the commands."""
        self.show_usage()

    @on(Input.Changed)
    def show_usage(self) -> None:
        """Show the usage of the typed command, or the commands that begin like the text."""
        spec = self.shell.command(split_unfinished(self.input.value))
        text = f"{spec.name} {spec.usage}   {spec.summary}" if spec else self._names()
        self.usage.update(visible(text))

    def _names(self) -> str:
        typed = self.input.value.strip()
        return "  ".join(spec.name for spec in self.shell.commands if spec.name.startswith(typed))

    @on(Input.Submitted)
    def submit(self) -> None:
        """Close with the words of the line."""
        try:
            words = shlex.split(self.input.value)
        except ValueError:
            self.usage.update(self.label(mark("A quotation mark is missing.")))
            return
        self.dismiss(words[1:] if words[:1] == ["airbook"] else words or None)

    def action_recall(self, by: int) -> None:
        """Show an earlier or a later command line. by: -1 or 1."""
        self.index = max(0, min(self.index + by, len(self.history) - 1))
        self.input.value = self.history[self.index]
        self.input.cursor_position = len(self.input.value)

    def action_complete(self) -> None:
        """Accept the suggestion."""
        self.input.action_cursor_right()
