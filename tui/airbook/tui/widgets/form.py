"""A dialog with a form: fields to fill in, OK and Back."""

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
from airbook.tui.widgets.form_field import FormField


class Form(Dialog[Mapping[str, Any] | None]):
    """Asks for several values; the result has them by name, or is None after Back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        # With priority: a letter typed right after Tab belongs to the next field.
        Binding("tab,down", "app.focus_next", show=False, priority=True),
        Binding("shift+tab,up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(
        self, label: Labels, title: str, fields: Sequence[FormField], hint: str = ""
    ) -> None:
        """title: in English. hint: in the language of the screen."""
        super().__init__()
        self.label = label
        self.heading = title
        self.fields = fields
        self.hint = hint
        self.complaint = Static("", classes="complaint", markup=False)

    def compose(self) -> ComposeResult:
        """Compose the fields and the buttons."""
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
        """Move the focus to the first empty field."""
        begin = next((field for field in self.fields if not field.value), self.fields[0])
        self.query_one(f"#{begin.name}", Input).focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def submit(self) -> None:
        """Close with the values; if one is invalid, show why and move the focus to its field."""
        values = dict[str, Any]()
        for field in self.fields:
            typed = self.query_one(f"#{field.name}", Input)
            text = typed.value.strip()
            try:
                values[field.name] = None if field.optional and not text else field.read(text)
            except Mistyped as error:
                sentence = self.label(error.sentence, error.values)
                self.complaint.update(f"{self.label(field.title)}: {sentence}")
                typed.focus()
                return
        self.dismiss(values)

    @on(Button.Pressed, "#back")
    def close_empty(self) -> None:
        """Close without values."""
        self.dismiss(None)
