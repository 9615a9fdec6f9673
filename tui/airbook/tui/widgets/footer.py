"""The last line of a screen: the active keys, which can be clicked."""

from __future__ import annotations

from typing import NamedTuple, cast

from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.keys import format_key
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from airbook.application.text.labels import Labels

KEPT = 2  # the last two hints, help and quit, always stay


class Hint(NamedTuple):
    """A key, its name on the keyboard, and its description."""

    key: str
    shown: str
    description: str

    @property
    def width(self) -> int:
        """Return the width in cells."""
        return cell_len(f"{self.shown} {self.description}")


class KeyLine(Static):
    """The active keys, those of the current row first. hovered: the key under the mouse.

    The line is one text: Textual's own footer creates a widget for each key, again whenever a key
    changes.
    """

    ALLOW_SELECT = False
    hovered: reactive[str | None] = reactive(None)

    def __init__(self, label: Labels) -> None:
        super().__init__(markup=False)
        self.label = label
        self._last: list[Hint] = []

    def on_mount(self) -> None:
        """Redraw the line when the bindings change."""
        self.screen.bindings_updated_signal.subscribe(  # pyright: ignore[reportUnknownMemberType] -- as below
            self, self._changed
        )

    @property
    def _program(self) -> App[object]:
        return cast("App[object]", self.app)  # pyright: ignore[reportUnknownMemberType] -- Textual leaves it open

    def _changed(self, _: object) -> None:
        if self._program.app_focus:  # without the terminal's focus, no bindings are active
            self.refresh()

    def render(self) -> Content:
        """Show the keys that fit; help, which lists all keys, and quit are always shown."""
        if self.screen.is_active:  # below a dialog, the screen's actions would be the dialog's
            self._last = self._hints()
        hints, room = list(self._last), self.content_size.width
        while len(hints) > 1 and sum(hint.width + 1 for hint in hints) - 1 > room:
            del hints[-KEPT - 1 if len(hints) > KEPT else -1]
        return Content(" ").join(map(self._drawn, hints))

    def _hints(self) -> list[Hint]:
        found = {
            active.binding.action: active.binding
            for active in reversed(self.screen.active_bindings.values())
            if active.binding.show and active.enabled and not self._is_text(active.binding)
        }
        return [
            Hint(
                binding.key, self._program.get_key_display(binding), self.label(binding.description)
            )
            for binding in reversed(found.values())
        ]

    def _is_text(self, binding: Binding) -> bool:
        """Return whether a key would type a character into the focused widget."""
        shown, focused = format_key(binding.key), self.screen.focused
        return len(shown) == 1 and focused is not None and focused.check_consume_key(shown, shown)

    def _drawn(self, hint: Hint) -> Content:
        drawn = Content.assemble((hint.shown, "bold $primary"), f" {hint.description}")
        if hint.key == self.hovered:
            drawn = drawn.stylize("on $panel")
        return drawn.stylize(Style.from_meta({"key": hint.key}))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlight the key under the mouse."""
        self.hovered = event.style.meta.get("key")

    def on_leave(self) -> None:
        """Highlight no key."""
        self.hovered = None

    def on_click(self, event: events.Click) -> None:
        """Press the clicked key."""
        if key := event.style.meta.get("key"):
            self._program.simulate_key(key)
