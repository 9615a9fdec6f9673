"""The screens on a terminal, drawn by the real program: keys go in, and lines are read."""

from __future__ import annotations

import re
import shlex

from tests.cli.play import Home
from tests.docs.terminal import Terminal

ROWS, COLUMNS = 30, 100
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "left": "\x1b[D",
    "down": "\x1b[B",
    "ctrl+c": "\x03",
}
# How the keyboard is to tell of keys: pyte would draw the letter.
KEYBOARD = re.compile(r"\x1b\[[<>=?]\d*u")
# Modes of a terminal that whoever types on it would notice.
CURSOR, ALTERNATE_SCREEN, PASTING = 25, 1049, 2004
MOUSE = {1000, 1002, 1003, 1006, 1015, 1016}


class Played(Terminal):
    """A command of airbook on a terminal of its own, used by hand."""

    def __init__(self, airbook: Home, *words: str, **settings: str) -> None:
        command = shlex.join(str(word) for word in airbook.command(*words))
        known = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **settings}
        after = 'echo "exit code $?."; stty -a; echo over'
        super().__init__(f"{command}; {after}", airbook.with_settings({**known}), COLUMNS, ROWS)

    def take(self, written: str) -> None:
        """Draw what was written."""
        super().take(KEYBOARD.sub("", written))

    def shows(self, *texts: str) -> None:
        """Wait until texts stand on the screen, each anywhere, wrapped or not."""
        wanted = [unwrapped(text) for text in texts]
        lines = self.until(lambda lines: all(text in unwrapped(*lines) for text in wanted))
        missing = [text for text in texts if unwrapped(text) not in unwrapped(*lines)]
        assert not missing, (missing, lines)

    def hides(self, text: str) -> None:
        """Wait until a text stands nowhere on the screen."""
        lines = self.until(lambda lines: unwrapped(text) not in unwrapped(*lines))
        assert unwrapped(text) not in unwrapped(*lines), lines

    def play(self, *keys: str) -> None:
        """Press keys by their names, or type texts."""
        for key in keys:
            self.press(KEYS.get(key, key))

    def on(self) -> set[int]:
        """Tell which of the modes one would notice are on."""
        noticed = {CURSOR, ALTERNATE_SCREEN, PASTING, *MOUSE}
        return {mode for mode in noticed if mode << 5 in self._screen.mode}

    def ends_with(self, code: int) -> None:
        """Wait for the command to end with an exit code."""
        self.shows("over")
        assert any(f"exit code {code}." in line for line in self.lines()), self.lines()

    def settings(self) -> set[str]:
        """List the settings the terminal was left with; those that are off begin with a dash."""
        return set("\n".join(self.lines()).split())


def unwrapped(*lines: str) -> str:
    """Take blanks and the ends of lines away: a sentence is the same however it is wrapped."""
    return "".join("".join(lines).split())
