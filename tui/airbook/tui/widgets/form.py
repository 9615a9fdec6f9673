"""Dialogs: a form to fill in, a question that is answered No unless somebody says Yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.tui.widgets.dialog import Dialog
from airbook.tui.widgets.field import Field


class Form(Dialog[Mapping[str, Any] | None]):
    """Asks for some values; gives them by name, or None if nobody wants it any more."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        # With priority: what is typed behind them at once belongs to the next field.
        Binding("tab,down", "app.focus_next", show=False, priority=True),
        Binding("shift+tab,up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(self, label: Labels, title: str, fields: Sequence[Field], hint: str = "") -> None:
        """title: in English. hint: a sentence, in the language chosen."""
        super().__init__()
        self.label = label
        self.heading = title
        self.fields = fields
        self.hint = hint
        self.complaint = Static("", classes="complaint", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the form out."""
        with Vertical(classes="dialog"):
            yield Label(self.label(self.heading), classes="dialog-title", markup=False)
            if self.hint:
                yield Label(self.hint, classes="dialog-hint", markup=False)
            for field in self.fields:
                with Horizontal(classes="field"):
                    yield Label(self.label(field.title), markup=False)
                    hint = self.label(mark("optional")) if field.optional else ""
                    yield Input(field.value, hint, compact=True, id=field.name)
            yield self.complaint
            with Horizontal(classes="buttons"):
                yield Button(
                    self.label(mark("OK (Enter)")), id="ok", variant="primary", compact=True
                )
                yield Button(self.label(mark("Back (Esc)")), id="back", compact=True)

    def on_mount(self) -> None:
        """Begin with what is still to be said."""
        begin = next((field for field in self.fields if not field.value), self.fields[0])
        self.query_one(f"#{begin.name}", Input).focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def take(self) -> None:
        """Give what was typed, if all of it can be read; else go to what cannot."""
        found = dict[str, Any]()
        for field in self.fields:
            typed = self.query_one(f"#{field.name}", Input)
            text = typed.value.strip()
            try:
                found[field.name] = None if field.optional and not text else field.read(text)
            except Mistyped as error:
                sentence = self.label(error.sentence, error.values)
                self.complaint.update(f"{self.label(field.title)}: {sentence}")
                typed.focus()
                return
        self.dismiss(found)

    @on(Button.Pressed, "#back")
    def leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)


class Confirm(Dialog[bool]):
    """Asks whether to do what is hard to take back; Enter says No."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "dismiss(False)", show=False),
        Binding("y", "dismiss(True)", show=False),
        Binding("left,right,h,l,tab", "app.focus_next", show=False),
    ]

    def __init__(self, label: Labels, question: str) -> None:
        """question: in the language chosen."""
        super().__init__()
        self.label = label
        self.question = question

    def compose(self) -> ComposeResult:
        """Lay the question out."""
        with Vertical(classes="dialog"):
            yield Label(self.question, classes="dialog-title", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(self.label(mark("No (n)")), id="no", variant="primary", compact=True)
                yield Button(self.label(mark("Yes (y)")), id="yes", variant="error", compact=True)

    @on(Button.Pressed)
    def answer(self, pressed: Button.Pressed) -> None:
        """Give the answer."""
        self.dismiss(pressed.button.id == "yes")


class Choose(Dialog[int | None]):
    """Lets one choose among some things; gives the number of the one chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, label: Labels, title: str, choices: Mapping[int, str]) -> None:
        """title: in English. choices: a line for each number, in the language chosen."""
        super().__init__()
        self.label = label
        self.heading = title
        self.choices = choices

    def compose(self) -> ComposeResult:
        """Lay the choices out."""
        from textual.content import Content
        from textual.widgets import OptionList
        from textual.widgets.option_list import Option

        with Vertical(classes="dialog"):
            yield Label(self.label(self.heading), classes="dialog-title", markup=False)
            yield OptionList(
                *(Option(Content(line), id=str(number)) for number, line in self.choices.items()),
                compact=True,
            )

    def on_option_list_option_selected(self, chosen: Any) -> None:  # noqa: ANN401 -- loaded late
        """Give the one chosen."""
        self.dismiss(int(chosen.option_id))
