"""The last line: the keys that do something here, in the language chosen, each to be clicked."""

from __future__ import annotations

from typing import cast

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.keys import format_key
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from airbook.runtime.labels import Labels

KEPT = 2  # help and quit, the last ones


class Described(FooterKey):
    """A key and what it does."""

    @property
    def width(self) -> int:
        """Tell how many cells it takes."""
        return cell_len(f"{self.key_display} {self.description}")


class KeyLine(Footer):
    """Textual's footer, translated; what can be done to the row one is at comes first."""

    def __init__(self, label: Labels) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self.label = label

    def compose(self) -> ComposeResult:
        """List the keys there is room for; help tells of the others, so help is always there."""
        if not self._bindings_ready:
            return
        found = {
            active.binding.action: active
            for active in reversed(self.screen.active_bindings.values())
            if active.binding.show and active.enabled and not self._is_text(active.binding)
        }
        keys = [self._key(active) for active in reversed(found.values())]
        room = self.content_size.width
        while len(keys) > 1 and sum(key.width + 1 for key in keys) - 1 > room:
            del keys[-KEPT - 1 if len(keys) > KEPT else -1]
        yield from (key.data_bind(compact=Footer.compact) for key in keys)

    def on_resize(self) -> None:
        """Make use of the room there is now."""
        self.call_after_refresh(self.recompose)

    def _is_text(self, binding: Binding) -> bool:
        """Tell whether a key would be typed where one types."""
        shown, focused = format_key(binding.key), self.screen.focused
        return len(shown) == 1 and focused is not None and focused.check_consume_key(shown, shown)

    def _key(self, active: ActiveBinding) -> Described:
        binding = active.binding
        app = cast("App[object]", self.app)  # pyright: ignore[reportUnknownMemberType] -- Textual leaves it open
        return Described(
            binding.key,
            app.get_key_display(binding),
            self.label(binding.description),
            binding.action,
        )
