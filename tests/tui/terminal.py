"""The real program on a pseudo-terminal: keys are sent, and the displayed lines are read."""

from __future__ import annotations

import re
import shlex

from tests.docs.terminal import Terminal
from tests.support.home import Home

ROWS, COLUMNS = 30, 100
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "left": "\x1b[D",
    "down": "\x1b[B",
    "ctrl+c": "\x03",
}
# A sequence of the Kitty keyboard protocol; pyte would draw its last letter.
KEYBOARD = re.compile(r"\x1b\[[<>=?]\d*u")
# The modes of a terminal that a user notices.
CURSOR, ALTERNATE_SCREEN, PASTING = 25, 1049, 2004
MOUSE = {1000, 1002, 1003, 1006, 1015, 1016}


class Played(Terminal):
    """A command of airbook on a terminal of its own."""

    def __init__(self, home: Home, *words: str, **settings: str) -> None:
        command = shlex.join(str(word) for word in home.command(*words))
        known = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **settings}
        after = 'echo "exit code $?."; stty -a; echo over'
        super().__init__(f"{command}; {after}", home.with_settings({**known}), COLUMNS, ROWS)

    def take(self, written: str) -> None:
        """Draw the output of the command."""
        super().take(KEYBOARD.sub("", written))

    def shows(self, *texts: str) -> None:
        """Wait until each text is displayed somewhere, wrapped or not."""
        expected = [unwrapped(text) for text in texts]
        lines = self.until(lambda lines: all(text in unwrapped(*lines) for text in expected))
        missing = [text for text in texts if unwrapped(text) not in unwrapped(*lines)]
        assert not missing, (missing, lines)

    def hides(self, text: str) -> None:
        """Wait until a text is displayed nowhere."""
        lines = self.until(lambda lines: unwrapped(text) not in unwrapped(*lines))
        assert unwrapped(text) not in unwrapped(*lines), lines

    def play(self, *keys: str) -> None:
        """Press keys by their names, or type texts."""
        for key in keys:
            self.press(KEYS.get(key, key))

    def on(self) -> set[int]:
        """Return which of the noticeable modes are on."""
        noticed = {CURSOR, ALTERNATE_SCREEN, PASTING, *MOUSE}
        return {mode for mode in noticed if mode << 5 in self._screen.mode}

    def ends_with(self, code: int) -> None:
        """Wait until the command ends with an exit code."""
        self.shows("over")
        assert any(f"exit code {code}." in line for line in self.lines()), self.lines()

    def settings(self) -> set[str]:
        """List the terminal's settings after the command; a dash marks those that are off."""
        return set("\n".join(self.lines()).split())


def unwrapped(*lines: str) -> str:
    """Remove blanks and line ends: a sentence is then the same however it is wrapped."""
    return "".join("".join(lines).split())
