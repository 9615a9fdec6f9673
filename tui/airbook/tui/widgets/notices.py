"""What is said for a moment, in lines of its own above the keys."""

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
    """The latest few; laid over something else, Hangul would be cut where that has its edges."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.said: list[Content] = []

    def say(self, text: str, severity: Severity = "information") -> None:
        """Say something for SECONDS; what was said before is not said twice."""
        line = Content.styled(text, STYLES[severity])
        others = [one for one in self.said if one.plain != text]
        self.said = [*others, line][-MOST_LINES:]
        self._draw()
        self.set_timer(SECONDS, lambda: self._forget(line))

    def _forget(self, line: Content) -> None:
        self.said = [one for one in self.said if one is not line]
        self._draw()

    def _draw(self) -> None:
        self.display = bool(self.said)
        self.update(Content("\n").join(self.said))
