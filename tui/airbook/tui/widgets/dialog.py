"""What is opened on top of a screen."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """Is closed once: a key that is held down says so again before it is gone."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close this and give a result, unless that has been done."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
