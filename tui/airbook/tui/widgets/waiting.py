"""A dialog that is shown while a command without a dialog of its own waits for the store."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Label

from airbook.application.text.labels import Labels
from airbook.tui.widgets.asking import Asking


class Waiting(Asking[None]):
    """Shows what is waiting for the store, until it is done or given up."""

    def __init__(
        self,
        label: Labels,
        deed: str,
        finished: Callable[[], Coroutine[Any, Any, object]],
        give_up: Callable[[], None],
    ) -> None:
        """deed: what is waiting, in the language of the screen. finished: returns at its end."""
        super().__init__(label)
        self.deed = deed
        self.finished = finished
        self.give_up = give_up

    def compose(self) -> ComposeResult:
        """Compose the deed, and the state."""
        with Vertical(classes="dialog"):
            yield Label(self.deed, classes="dialog-title", markup=False)
            yield self.state

    def on_mount(self) -> None:
        """Wait for the end."""

        async def carry_out(_: None) -> None:
            await self.finished()

        self.carry_out = carry_out
        self.wait(self.give_up)
        self.answer(None)
