"""The base class of all dialogs."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog that can be closed once; a key that is held down closes only this dialog."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close the dialog with a result; do nothing if it is closed already."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
