"""A dialog with a form: fields to fill in, and a button that says what will be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from airbook.application.text.labels import Labels, mark
from airbook.application.text.parsing import Mistyped
from airbook.tui.widgets.asking import Asking
from airbook.tui.widgets.buttons import Buttons
from airbook.tui.widgets.form_field import FormField, Preview

BACK = mark("Back (Esc)")


class Form(Asking[Mapping[str, Any]]):
    """Asks for several values; the result has them by name, or is None after Back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: a letter typed right after Tab belongs to the next field.
        Binding("tab,down", "app.focus_next", show=False, priority=True),
        Binding("shift+tab,up", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(
        self,
        label: Labels,
        title: str,
        fields: Sequence[FormField],
        preview: Callable[[Mapping[str, Any]], Preview],
    ) -> None:
        """title: in English. preview: tells from the valid values what the form will do."""
        super().__init__(label)
        self.heading = title
        self.fields = fields
        self.preview = preview
        self.hint = Static("", classes="dialog-hint", markup=False)
        self.buttons = Buttons(
            Button(id="main", variant="primary", compact=True),
            Button(label(BACK), id="back", compact=True),
            key="Enter",
        )

    def compose(self) -> ComposeResult:
        """Compose the fields and the buttons."""
        with Vertical(classes="dialog"):
            yield Label(self.label(self.heading), classes="dialog-title", markup=False)
            for field in self.fields:
                with Horizontal(classes="field"):
                    yield Label(self.label(field.title), markup=False)
                    hint = self.label(mark("optional")) if field.optional else ""
                    yield Input(field.value, hint, compact=True, id=field.name)
            yield self.hint
            yield self.state
            yield self.buttons

    def on_mount(self) -> None:
        """Move the focus to the first empty field."""
        begin = next((field for field in self.fields if not field.value), self.fields[0])
        self.set_focus(
            self.query_one(f"#{begin.name}", Input)
        )  # at once: the next keys belong to it
        self.show_preview()  # an empty input reports no change

    @on(Input.Changed)
    def show_preview(self) -> None:
        """Show what the form will do with the values that are typed so far."""
        if not self.query(Input):
            return  # the form is not open yet, or not any more
        values = dict[str, Any]()
        for field in self.fields:
            with suppress(Mistyped):
                values[field.name] = self._read(field)
        preview = self.preview(values)
        self.buttons.say(preview.deed)
        self.hint.update(preview.hint)
        self.hint.display = bool(preview.hint)

    def _read(self, field: FormField) -> Any:  # noqa: ANN401 -- whatever the field reads
        text = self.query_one(f"#{field.name}", Input).value.strip()
        return None if field.optional and not text else field.read(text)

    @on(Input.Submitted)
    @on(Button.Pressed, "#main")
    def submit(self) -> None:
        """Answer with the values; if one is invalid, show why and move the focus to its field."""
        values = dict[str, Any]()
        for field in self.fields:
            try:
                values[field.name] = self._read(field)
            except Mistyped as error:
                sentence = self.label(error.sentence, error.values)
                self.complain(f"{self.label(field.title)}: {sentence}")
                self.set_focus(self.query_one(f"#{field.name}", Input))
                return
        self.complain("")
        self.answer(values)

    @on(Button.Pressed, "#back")
    def go_back(self) -> None:
        """Close without values."""
        self.action_leave()
