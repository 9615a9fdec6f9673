"""A dialog with a list to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from airbook.application.text.labels import Labels
from airbook.tui.widgets.dialog import Dialog


class Choice(Dialog[int | None]):
    """Asks for one of several choices; the result is its number, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, label: Labels, title: str, choices: Mapping[int, str]) -> None:
        """title: in English. choices: a line of text by number, in the language of the screen."""
        super().__init__()
        self.label = label
        self.heading = title
        self.choices = choices

    def compose(self) -> ComposeResult:
        """Compose the list."""
        with Vertical(classes="dialog"):
            yield Label(self.label(self.heading), classes="dialog-title", markup=False)
            yield OptionList(
                *(Option(Content(line)) for line in self.choices.values()),
                compact=True,
            )

    def on_option_list_option_selected(self, chosen: OptionList.OptionSelected) -> None:
        """Close with the number of the chosen line."""
        self.dismiss(list(self.choices)[chosen.option_index])
