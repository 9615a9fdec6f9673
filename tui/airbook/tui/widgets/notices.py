"""Notices that are shown for some seconds in lines above the keys."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.widgets import Static

SECONDS = 5.0
MOST_LINES = 3
Severity = Literal["information", "warning", "error"]
STYLES: dict[Severity, str] = {
    "information": "$success",
    "warning": "$warning",
    "error": "$error",
}


class Notices(Static):
    """The newest notices.

    They have lines of their own: a box on top of a list would cut Hangul in half at its edges.
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.notices: list[Content] = []

    def add(self, text: str, severity: Severity = "information") -> None:
        """Show a notice for SECONDS; the same text is not shown twice at once."""
        line = Content.styled(text, STYLES[severity])
        others = [one for one in self.notices if one.plain != text]
        self.notices = [*others, line][-MOST_LINES:]
        self._draw()
        self.set_timer(SECONDS, lambda: self._remove(line))

    def _remove(self, line: Content) -> None:
        self.notices = [one for one in self.notices if one is not line]
        self._draw()

    def _draw(self) -> None:
        self.display = bool(self.notices)
        self.update(Content("\n").join(self.notices))
